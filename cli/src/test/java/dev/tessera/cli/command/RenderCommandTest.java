package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny official checkpoints through import and rendering, against tokens that PyTorch computed. */
class RenderCommandTest {
    private static final Path CHECKPOINTS =
            Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen");
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private final Path directory;

    RenderCommandTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static JsonNode expected(String checkpoint) throws IOException {
        return json(CHECKPOINTS.resolve(checkpoint).resolve("expected.json"));
    }

    private CommandRun importClasses() {
        return importModel("classes", "gpt.pt", "64");
    }

    private CommandRun importModel(String checkpoint, String gpt, String resolution, String... more) {
        Path folder = CHECKPOINTS.resolve(checkpoint);
        String[] arguments = {
            "models",
            "import",
            "llamagen",
            "--gpt",
            folder.resolve(gpt).toString(),
            "--vq",
            folder.resolve("vq.pt").toString(),
            "--heads",
            "4",
            "--resolution",
            resolution,
            "--name",
            "tiny",
            "--out",
            "tiny"
        };
        String[] all = Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
        return CommandRun.in(directory, all);
    }

    @Test
    void shouldDrawTheTokensOfTheReferenceForAClass() throws IOException {
        // Given
        JsonNode expected = expected("classes");
        assertThat(importClasses().exitCode()).isZero();

        // When
        CommandRun run = CommandRun.in(
                directory,
                "render",
                "--bundle",
                "tiny",
                "--class",
                expected.path("classes").path(0).asText(),
                "--cfg",
                expected.path("guidance").asText(),
                "--temperature",
                "0",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        JsonNode tokens = json(directory.resolve("t.json"));
        assertThat(tokens.path("grid").toString()).isEqualTo("[4,4]");
        assertThat(tokens.path("tokens")).isEqualTo(expected.path("tokens").path(0));
        assertThat(Files.readAllBytes(directory.resolve("picture.png"))).startsWith(PNG);
    }

    @Test
    void shouldDrawTheTokensOfTheReferenceForAPrompt() throws IOException {
        // Given
        JsonNode expected = expected("text");
        CommandRun imported = importModel(
                "text",
                "gpt.safetensors",
                "32",
                "--t5",
                CHECKPOINTS.resolve("text/t5").toString());
        assertThat(imported.exitCode()).isZero();

        // When
        CommandRun run = CommandRun.in(
                directory,
                "render",
                "--bundle",
                "tiny",
                "--prompt",
                expected.path("prompts").path(0).asText(),
                "--cfg",
                expected.path("guidance").asText(),
                "--temperature",
                "0",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(json(directory.resolve("t.json")).path("tokens"))
                .isEqualTo(expected.path("tokens").path(0));
    }

    @Test
    void shouldMakeTheSamePictureOfTheSameSeed() throws IOException {
        // Given
        importClasses();

        // When
        for (String out : new String[] {"a.png", "b.png"}) {
            CommandRun.in(directory, "render", "--bundle", "tiny", "--class", "1", "--seed", "5", "--out", out);
        }
        CommandRun.in(directory, "render", "--bundle", "tiny", "--class", "1", "--seed", "6", "--out", "c.png");

        // Then
        assertThat(directory.resolve("a.png")).hasSameBinaryContentAs(directory.resolve("b.png"));
        assertThat(Files.readAllBytes(directory.resolve("a.png")))
                .isNotEqualTo(Files.readAllBytes(directory.resolve("c.png")));
    }

    @ParameterizedTest
    @CsvSource({"--class,99", "--prompt,a cat"})
    void shouldSayWhatTheModelCannotDo(String option, String value) {
        // Given
        importClasses();

        // When
        CommandRun run = CommandRun.in(directory, "render", "--bundle", "tiny", option, value);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera: ").contains("class").doesNotContain("\tat ");
    }

    @Test
    void shouldListAndVerifyWhatWasImported() throws IOException {
        // Given
        importClasses();

        // When
        CommandRun list = CommandRun.in(directory, "models", "list", "tiny", "--json");
        CommandRun whole = CommandRun.in(directory, "models", "verify", "tiny");
        Files.writeString(directory.resolve("tiny/generator.onnx"), "altered");
        CommandRun altered = CommandRun.in(directory, "models", "verify", "tiny");

        // Then
        assertThat(new ObjectMapper().readTree(list.out()).path(0).path("size").asText())
                .isEqualTo("64x64");
        assertThat(whole.exitCode()).isZero();
        assertThat(altered.exitCode()).isEqualTo(1);
        assertThat(altered.err()).contains("generator.onnx");
    }

    @Test
    void shouldNotOverwriteABundle() {
        // Given
        importClasses();

        // When
        CommandRun again = importClasses();

        // Then
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("tiny exists");
    }

    @Test
    void shouldNameTheFileThatIsMissing() {
        // When
        CommandRun run = importModel("classes", "nothing.pt", "64");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("nothing.pt");
        assertThat(directory.resolve("tiny")).doesNotExist();
    }
}
