package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny official checkpoints through import and rendering, against tokens that PyTorch computed. */
class RenderCommandTest extends TinyModelFixture {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    RenderCommandTest(@TempDir Path directory) {
        super(directory, "llamagen");
    }

    private JsonNode expected(String checkpoint) throws IOException {
        return json(checkpoints.resolve(checkpoint).resolve("expected.json"));
    }

    private CommandRun importClasses() {
        return importClasses("gpt.pt");
    }

    private CommandRun importClasses(String gpt) {
        Path folder = checkpoints.resolve("classes");
        return importModel("64", Map.of("--gpt", folder.resolve(gpt), "--vq", folder.resolve("vq.pt")));
    }

    private CommandRun importModel(String resolution, Map<String, Path> files) {
        return importTiny("llamagen", files, "--heads", "4", "--resolution", resolution);
    }

    @Test
    void shouldDrawTheTokensOfTheReferenceForAClass() throws IOException {
        // Given
        JsonNode expected = expected("classes");
        assertThat(importClasses().exitCode()).isZero();

        // When
        CommandRun run = render(
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
        Path folder = checkpoints.resolve("text");
        CommandRun imported = importModel(
                "32",
                Map.of(
                        "--gpt",
                        folder.resolve("gpt.safetensors"),
                        "--vq",
                        folder.resolve("vq.pt"),
                        "--t5",
                        folder.resolve("t5")));
        assertThat(imported.exitCode()).isZero();

        // When
        CommandRun run = render(
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
            render("--class", "1", "--seed", "5", "--out", out);
        }
        render("--class", "1", "--seed", "6", "--out", "c.png");

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
        CommandRun run = render(option, value);

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
        CommandRun run = importClasses("nothing.pt");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("nothing.pt");
        assertThat(directory.resolve("tiny")).doesNotExist();
    }
}
