package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.bundle.Defaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportAmusedCommandTest extends TinyModelFixture {
    ImportAmusedCommandTest(@TempDir Path directory) {
        super(directory, "masked");
    }

    private CommandRun importModel(String checkpoint, String... more) {
        return importTiny("amused", Map.of("--dir", checkpoints.resolve(checkpoint)), more);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"amused-256", "amused-512", "OpenRAIL++", "scheduler_config.json", "merges.txt", "openMUSE"})
    void shouldSayWhichFilesToDownloadUnderWhichLicence(String mentioned) {
        // When
        CommandRun run = CommandRun.in(directory, "models", "import", "amused", "--help");

        // Then
        assertThat(run.out()).contains(mentioned);
    }

    @Test
    void shouldImportWithThePublishedDefaults() throws IOException {
        // When
        CommandRun run = importModel("plain");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("tiny, digest ");
        assertThat(manifest().defaults()).isEqualTo(new Defaults(10, 2, 0, 1));
        JsonNode listed = new ObjectMapper()
                .readTree(CommandRun.in(directory, "models", "list", "tiny", "--json")
                        .out())
                .path(0);
        assertThat(listed.path("family").asText()).isEqualTo("masked");
        assertThat(listed.path("size").asText()).isEqualTo("16x16");
    }

    @Test
    void shouldImportAsTheOptionsSay() {
        // When
        CommandRun run =
                importModel("halved", "--licence", "MIT", "--description", "Noise", "--resolution", "24", "--cfg", "3");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(manifest().licence()).isEqualTo("MIT");
        assertThat(manifest().description()).isEqualTo("Noise");
        assertThat(manifest().grid().rows()).isEqualTo(12);
        assertThat(manifest().defaults().guidanceScale()).isEqualTo(3);
    }

    @Test
    void shouldNameTheFolderThatIsMissing() {
        // When
        CommandRun run = importModel("nothing");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("nothing").doesNotContain("\tat ");
        assertThat(directory.resolve("tiny")).doesNotExist();
    }
}
