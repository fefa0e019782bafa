package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tiny Muse checkpoint through import and rendering, against tokens that PyTorch computed with rising guidance. */
class RenderMuseTest extends TinyModelFixture {
    RenderMuseTest(@TempDir Path directory) {
        super(directory, "muse");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldDrawTheTokensOfTheReference(int image) throws IOException {
        // Given
        JsonNode expected = json(checkpoints.resolve("expected.json"));
        CommandRun imported = importTiny(
                "muse",
                Map.of("--dir", checkpoints),
                "--steps",
                expected.path("steps").asText());
        assertThat(imported.exitCode()).isZero();

        // When
        CommandRun run = render(
                "--prompt",
                expected.path("prompts").path(image).asText(),
                "--negative-prompt",
                expected.path("negatives").path(image).asText(),
                "--cfg",
                expected.path("guidance").asText(),
                "--top-k",
                "1",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        assertThat(json(directory.resolve("t.json")).path("tokens"))
                .isEqualTo(expected.path("tokens").path(image));
    }

    @Test
    void shouldSayThatThereAreNoWeightsToDownload() {
        // When
        CommandRun run = CommandRun.in(directory, "models", "import", "muse", "--help");

        // Then
        assertThat(run.out())
                .contains("no official weights")
                .contains("text_tokens")
                .contains("superres/model.safetensors")
                .contains("0009")
                .contains("0014");
    }
}
