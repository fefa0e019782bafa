package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportAmusedCommandTest {
    private static final Path CHECKPOINTS =
            Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/masked");

    private final Path directory;

    ImportAmusedCommandTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private CommandRun importModel(String checkpoint, String... more) {
        String[] arguments = {
            "models",
            "import",
            "amused",
            "--dir",
            CHECKPOINTS.resolve(checkpoint).toString(),
            "--name",
            "tiny",
            "--out",
            "tiny"
        };
        return CommandRun.in(
                directory, Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private BundleManifest manifest() {
        return ModelBundle.open(directory.resolve("tiny")).manifest();
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
