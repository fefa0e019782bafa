package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny Muse checkpoints through import and both stages of rendering, against tokens that PyTorch computed. */
class RenderSuperResolutionTest extends TinyModelFixture {
    RenderSuperResolutionTest(@TempDir Path directory) {
        super(directory, "superres");
    }

    @ParameterizedTest
    @CsvSource({"layered, 0, 8", "layered, 1, 8", "plain, 1, 16"})
    void shouldDrawTheFinerTokensOfTheReference(String checkpoint, int image, int pixels) throws IOException {
        // Given
        JsonNode expected = json(checkpoints.resolve(checkpoint).resolve("expected.json"));
        CommandRun imported = importTiny(
                "muse",
                Map.of("--dir", checkpoints.resolve(checkpoint)),
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
                "--out",
                "tiny.png",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        JsonNode tokens = json(directory.resolve("t.json"));
        assertThat(tokens.path("grid").toString()).isEqualTo("[8,8]");
        assertThat(tokens.path("tokens")).isEqualTo(expected.path("tokens").path(image));
        BufferedImage picture = ImageIO.read(directory.resolve("tiny.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(pixels);
        assertThat(picture.getHeight()).isEqualTo(pixels);
    }
}
