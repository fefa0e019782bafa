package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportVarCommandTest extends TinyModelFixture {
    ImportVarCommandTest(@TempDir Path directory) {
        super(directory, "var/plain");
    }

    private CommandRun importModel(String transformer, String... more) {
        var files = Map.of("--var", checkpoints.resolve(transformer), "--vae", checkpoints.resolve("vae.pth"));
        return importTiny("var", files, more);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var_d16.pth",
                "var_d20.pth",
                "var_d24.pth",
                "var_d30.pth",
                "var_d36.pth",
                "vae_ch160v4096z32.pth",
                "MIT"
            })
    void shouldSayWhichFilesToDownloadUnderWhichLicence(String mentioned) {
        // When
        CommandRun run = CommandRun.in(directory, "models", "import", "var", "--help");

        // Then
        assertThat(run.out()).contains(mentioned);
    }

    @Test
    void shouldImportWithThePublishedDefaults() throws IOException {
        // When
        CommandRun run = importModel("var.pth");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("tiny, digest ");
        assertThat(manifest().defaults()).isEqualTo(new Defaults(4, 1, 64, 0.95f));
        JsonNode listed = new ObjectMapper()
                .readTree(CommandRun.in(directory, "models", "list", "tiny", "--json")
                        .out())
                .path(0);
        assertThat(listed.path("family").asText()).isEqualTo("next-scale");
        assertThat(listed.path("size").asText()).isEqualTo("16x16");
        assertThat(listed.path("precision").asText()).isEqualTo("fp32");
    }

    @Test
    void shouldImportAsTheOptionsSay() {
        // When
        CommandRun run = importModel(
                "var.pth",
                "--licence",
                "MIT",
                "--description",
                "Noise",
                "--scales",
                "1,2,3,4",
                "--cfg",
                "1.5",
                "--top-k",
                "9");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(manifest().licence()).isEqualTo("MIT");
        assertThat(manifest().description()).isEqualTo("Noise");
        assertThat(manifest().defaults()).isEqualTo(new Defaults(1.5f, 1, 9, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "INT8"})
    void shouldImportProductsInEightBitsOnRequest(String precision) {
        // When
        CommandRun run = importModel("var.pth", "--precision", precision);

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(manifest().productPrecision()).isEqualTo(Precision.INT8);
        assertThat(CommandRun.in(directory, "models", "list", "tiny").out()).contains(" int8 ");
    }

    @Test
    void shouldNameTheFileThatIsMissing() {
        // When
        CommandRun run = importModel("nothing.pth");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("nothing.pth").doesNotContain("\tat ");
        assertThat(directory.resolve("tiny")).doesNotExist();
    }
}
