package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.ImageSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTamingCommandTest extends TinyModelFixture {
    ImportTamingCommandTest(@TempDir Path directory) {
        super(directory, "taming");
    }

    private CommandRun importModel(String fixture, String... more) {
        Path folder = checkpoints.resolve(fixture);
        var files = Map.of("--checkpoint", folder.resolve("last.ckpt"), "--config", folder.resolve("project.yaml"));
        return importTiny("taming", files, more);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cin_transformer",
                "ffhq_transformer",
                "celebahq_transformer",
                "sflckr",
                "coco_transformer",
                "ade20k_transformer",
                "drin_transformer",
                "project.yaml",
                "MIT"
            })
    void shouldSayWhichFilesToDownloadUnderWhichLicence(String mentioned) {
        // When
        CommandRun run = CommandRun.in(directory, "models", "import", "taming", "--help");

        // Then
        assertThat(run.out()).contains(mentioned);
    }

    @ParameterizedTest
    @CsvSource({"class,10 classes,16x16", "start,none,8x8", "segmentation,segmentation,8x8", "depth,depth,8x8"})
    void shouldImportEveryCondition(String fixture, String conditioning, String size) throws IOException {
        // When
        CommandRun run = importModel(fixture);

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("tiny, digest ");
        assertThat(manifest().defaults()).isEqualTo(new Defaults(1, 1, 64, 1));
        JsonNode listed = new ObjectMapper()
                .readTree(CommandRun.in(directory, "models", "list", "tiny", "--json")
                        .out())
                .path(0);
        assertThat(listed.path("family").asText()).isEqualTo("windowed");
        assertThat(listed.path("conditioning").asText()).isEqualTo(conditioning);
        assertThat(listed.path("size").asText()).isEqualTo(size);
    }

    @Test
    void shouldImportAsTheOptionsSay() {
        // When
        CommandRun run = importModel(
                "class",
                "--licence",
                "MIT",
                "--description",
                "Noise",
                "--max-tokens",
                "20",
                "--cfg",
                "1",
                "--top-k",
                "9");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(manifest().licence()).isEqualTo("MIT");
        assertThat(manifest().description()).isEqualTo("Noise");
        assertThat(manifest().defaults()).isEqualTo(new Defaults(1, 1, 9, 1));
        assertThat(manifest().gridOf(new ImageSize(20, 16))).isPresent();
        assertThat(manifest().gridOf(new ImageSize(24, 16))).isEmpty();
    }

    @Test
    void shouldSayThatTheLimitIsLessThanAWindow() {
        // When
        CommandRun run = importModel("class", "--max-tokens", "15");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("generator.maxTokens is 15").doesNotContain("\tat ");
        assertThat(directory.resolve("tiny")).doesNotExist();
    }
}
