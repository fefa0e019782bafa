package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny aMUSEd checkpoints through import and rendering, against tokens that PyTorch computed. */
class RenderAmusedTest extends TinyModelFixture {
    RenderAmusedTest(@TempDir Path directory) {
        super(directory, "masked");
    }

    private void importModel(String checkpoint) {
        CommandRun run = importTiny("amused", Map.of("--dir", checkpoints.resolve(checkpoint)));
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"plain,0", "plain,1", "plain,2", "halved,0", "halved,1", "halved,2"})
    void shouldDrawTheTokensOfTheReference(String checkpoint, int image) throws IOException {
        // Given
        JsonNode expected = json(checkpoints.resolve(checkpoint).resolve("expected.json"));
        importModel(checkpoint);

        // When
        CommandRun run = render(
                "--prompt",
                expected.path("prompts").path(image).asText(),
                "--negative-prompt",
                expected.path("negatives").path(image).asText(),
                "--cfg",
                expected.path("guidance").asText(),
                "--steps",
                expected.path("steps").asText(),
                "--schedule",
                expected.path("schedule").asText(),
                "--top-k",
                "1",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        JsonNode tokens = json(directory.resolve("t.json"));
        assertThat(tokens.path("tokens")).isEqualTo(expected.path("tokens").path(image));
        int side = expected.path("side").asInt();
        assertThat(tokens.path("grid").toString()).isEqualTo("[" + side + "," + side + "]");
        BufferedImage picture = ImageIO.read(directory.resolve("picture.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(16).isEqualTo(picture.getHeight());
    }

    @Test
    void shouldMakeTheSamePictureOfTheSameSeed() throws IOException {
        // Given
        importModel("plain");

        // When
        render("--prompt", "a red heart", "--seed", "5", "--out", "a.png");
        render("--prompt", "a red heart", "--seed", "5", "--out", "b.png");
        render("--prompt", "a red heart", "--seed", "6", "--out", "c.png");
        render("--prompt", "a red heart", "--seed", "5", "--steps", "3", "--out", "d.png");
        render("--prompt", "a red heart", "--seed", "5", "--negative-prompt", "the cat", "--out", "e.png");

        // Then
        byte[] first = Files.readAllBytes(directory.resolve("a.png"));
        assertThat(first).isEqualTo(Files.readAllBytes(directory.resolve("b.png")));
        for (String other : new String[] {"c.png", "d.png", "e.png"}) {
            assertThat(first).isNotEqualTo(Files.readAllBytes(directory.resolve(other)));
        }
    }

    @ParameterizedTest
    @CsvSource({"--steps,0,steps", "--schedule,square,schedule", "--class,1,"})
    void shouldSayWhatTheModelCannotDo(String option, String value, String prompted) {
        // Given
        importModel("plain");

        // When
        CommandRun run = prompted == null ? render(option, value) : render("--prompt", "the cat", option, value);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera: ").contains(prompted == null ? "class" : prompted);
        assertThat(run.err()).doesNotContain("\tat ");
    }
}
