package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny VAR checkpoints through import and rendering, against tokens that PyTorch computed. */
class RenderVarTest extends TinyModelFixture {
    RenderVarTest(@TempDir Path directory) {
        super(directory, "var");
    }

    private void importModel(String checkpoint) {
        Path folder = checkpoints.resolve(checkpoint);
        CommandRun run =
                importTiny("var", Map.of("--var", folder.resolve("var.pth"), "--vae", folder.resolve("vae.pth")));
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"plain,0", "plain,2", "shared,0", "unscaled,1"})
    void shouldDrawTheTokensOfTheReference(String checkpoint, int image) throws IOException {
        // Given
        JsonNode expected = json(checkpoints.resolve(checkpoint).resolve("expected.json"));
        importModel(checkpoint);

        // When
        CommandRun run = render(
                "--class",
                expected.path("classes").path(image).asText(),
                "--cfg",
                expected.path("cfg").asText(),
                "--top-k",
                "1",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        JsonNode tokens = json(directory.resolve("t.json"));
        assertThat(tokens.path("tokens")).isEqualTo(expected.path("tokens").path(image));
        assertThat(tokens.path("scales")).isEqualTo(expected.path("scales"));
        int finest =
                expected.path("scales").path(expected.path("scales").size() - 1).asInt();
        assertThat(tokens.path("grid").toString()).isEqualTo("[" + finest + "," + finest + "]");
        BufferedImage picture = ImageIO.read(directory.resolve("picture.png").toFile());
        assertThat(picture.getWidth()).isGreaterThanOrEqualTo(finest).isEqualTo(picture.getHeight());
    }

    @Test
    void shouldMakeTheSamePictureOfTheSameSeed() throws IOException {
        // Given
        importModel("plain");

        // When
        render("--class", "1", "--seed", "5", "--out", "a.png");
        render("--class", "1", "--seed", "5", "--out", "b.png");
        render("--class", "1", "--seed", "6", "--out", "c.png");
        render("--class", "1", "--seed", "5", "--cfg", "0", "--out", "d.png");

        // Then
        byte[] first = Files.readAllBytes(directory.resolve("a.png"));
        assertThat(first).isEqualTo(Files.readAllBytes(directory.resolve("b.png")));
        assertThat(first).isNotEqualTo(Files.readAllBytes(directory.resolve("c.png")));
        assertThat(first).isNotEqualTo(Files.readAllBytes(directory.resolve("d.png")));
    }

    @Test
    void shouldBlendCodesWhereItIsAskedTo() throws IOException {
        // Given
        importModel("plain");
        JsonNode expected = json(checkpoints.resolve("plain").resolve("smooth.json"));
        JsonNode image = expected.path("images").path(0);

        // When
        CommandRun run = render(
                "--class",
                image.path("class").asText(),
                "--seed",
                image.path("seed").asText(),
                "--cfg",
                expected.path("cfg").asText(),
                "--top-k",
                expected.path("top_k").asText(),
                "--top-p",
                expected.path("top_p").asText(),
                "--more-smooth",
                "--tokens-out",
                "t.json");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(json(directory.resolve("t.json")).path("tokens")).isEqualTo(image.path("tokens"));
        assertThat(Files.readString(directory.resolve("picture.png"), StandardCharsets.ISO_8859_1))
                .contains("\"more_smooth\":true");
    }

    @Test
    void shouldSayThatTheModelHasNoStepsToChoose() {
        // Given
        importModel("plain");

        // When
        CommandRun run = render("--class", "1", "--steps", "4");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera: ").contains("--steps").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"--class,10", "--prompt,a cat"})
    void shouldSayWhatTheModelCannotDo(String option, String value) {
        // Given
        importModel("plain");

        // When
        CommandRun run = render(option, value);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera: ").contains("class").doesNotContain("\tat ");
    }
}
