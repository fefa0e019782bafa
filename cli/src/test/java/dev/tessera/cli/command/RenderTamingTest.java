package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny VQGAN + GPT checkpoints through import and rendering, against tokens that PyTorch computed. */
class RenderTamingTest extends TinyModelFixture {
    RenderTamingTest(@TempDir Path directory) {
        super(directory, "taming");
    }

    private void importModel(String checkpoint) {
        Path folder = checkpoints.resolve(checkpoint);
        var files = Map.of("--checkpoint", folder.resolve("last.ckpt"), "--config", folder.resolve("project.yaml"));
        CommandRun run = importTiny("taming", files);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void shouldEditAPictureAsTheReferenceDoesAndKeepAllOtherPixels() throws IOException {
        // Given: four pixels to a token
        importModel("class");
        JsonNode encoded = json(checkpoints.resolve("class/encoded.json"));
        int columns = encoded.path("columns").intValue();
        int width = 4 * columns;
        int height = 4 * encoded.path("rows").intValue();
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var mask = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        JsonNode edit = encoded.path("edits").path(0);
        for (int i = 0; i < width * height; i++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                rgb = rgb << 8 | encoded.path("rgb").path(3 * i + channel).intValue();
            }
            picture.setRGB(i % width, i / width, rgb);
            int cell = i / width / 4 * columns + i % width / 4;
            mask.setRGB(i % width, i / width, edit.path("redrawn").path(cell).intValue() == 1 ? 0 : 0xFF000000);
        }
        ImageIO.write(picture, "png", directory.resolve("in.png").toFile());
        ImageIO.write(mask, "png", directory.resolve("mask.png").toFile());
        String[] edited = {
            "--class",
            edit.path("condition").path(0).asText(),
            "--top-k",
            "1",
            "--size",
            width + "x" + height,
            "--image",
            "in.png"
        };

        // When
        CommandRun run = render(Stream.of(edited, new String[] {"--mask", "mask.png", "--tokens-out", "t.json"})
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
        CommandRun both = render(Stream.of(edited, new String[] {"--mask", "mask.png", "--strength", "0.5"})
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
        CommandRun wrong = render("--class", "1", "--image", "in.png", "--region", "0,0,4,4");

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(json(directory.resolve("t.json")).path("tokens")).isEqualTo(edit.path("tokens"));
        BufferedImage made = ImageIO.read(directory.resolve("picture.png").toFile());
        int last = (height - 1) * width + width - 1;
        assertThat(edit.path("redrawn").path(edit.path("redrawn").size() - 1).intValue())
                .isZero();
        assertThat(made.getRGB(last % width, last / width)).isEqualTo(picture.getRGB(last % width, last / width));
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).contains("three ways to edit");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("the picture is " + width + "x" + height + " pixels; give one of 16x16");
    }

    @ParameterizedTest
    @CsvSource({"class,0,4", "class,3,4", "start,0,2", "start,1,2", "segmentation,1,2", "depth,0,2", "depth,1,2"})
    void shouldDrawTheTokensOfTheReferenceInEverySize(String checkpoint, int image, int pixels) throws IOException {
        // Given
        JsonNode expected = json(checkpoints.resolve(checkpoint).resolve("expected.json"))
                .path("images")
                .path(image);
        importModel(checkpoint);
        String size = expected.path("columns").asInt() * pixels + "x"
                + expected.path("rows").asInt() * pixels;

        // When
        CommandRun run = render(Stream.concat(
                        condition(checkpoint, expected).stream(),
                        Stream.of("--size", size, "--top-k", "1", "--tokens-out", "t.json"))
                .toArray(String[]::new));

        // Then
        assertThat(run.err()).doesNotContain("tessera:");
        assertThat(run.exitCode()).isZero();
        JsonNode tokens = json(directory.resolve("t.json"));
        assertThat(tokens.path("tokens")).isEqualTo(expected.path("tokens"));
        BufferedImage picture = ImageIO.read(directory.resolve("picture.png").toFile());
        assertThat(picture.getWidth() + "x" + picture.getHeight()).isEqualTo(size);
    }

    private List<String> condition(String checkpoint, JsonNode image) throws IOException {
        return switch (checkpoint) {
            case "class" -> List.of("--class", image.path("condition").path(0).asText());
            case "start" -> List.of();
            default -> {
                Files.writeString(
                        directory.resolve("map.json"),
                        "{\"grid\":[" + image.path("rows") + "," + image.path("columns") + "],\"tokens\":"
                                + image.path("condition") + "}");
                yield List.of("--condition", "map.json");
            }
        };
    }

    @Test
    void shouldMakeTheSamePictureOfTheSameSeed() throws IOException {
        // Given
        importModel("class");

        // When
        render("--class", "1", "--size", "32x24", "--seed", "5", "--out", "a.png");
        render("--class", "1", "--size", "32x24", "--seed", "5", "--out", "b.png");
        render("--class", "1", "--size", "32x24", "--seed", "6", "--out", "c.png");

        // Then
        byte[] first = Files.readAllBytes(directory.resolve("a.png"));
        assertThat(first).isEqualTo(Files.readAllBytes(directory.resolve("b.png")));
        assertThat(first).isNotEqualTo(Files.readAllBytes(directory.resolve("c.png")));
    }

    @ParameterizedTest
    @CsvSource({
        "--class,10,0 to 9",
        "--prompt,a cat,class",
        "--size,18x16,not a size",
        "--size,12x16,not a size",
        "--size,big,WIDTHxHEIGHT",
        "--cfg,3,guidance_scale"
    })
    void shouldSayWhatTheModelCannotDo(String option, String value, String message) {
        // Given
        importModel("class");

        // When
        CommandRun run = option.equals("--class") || option.equals("--prompt")
                ? render(option, value)
                : render("--class", "1", option, value);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera: ").contains(message).doesNotContain("\tat ");
    }

    @Test
    void shouldAskAMapModelForAMap() {
        // Given
        importModel("depth");

        // When
        CommandRun run = render("--class", "1");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("takes a condition map");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"grid\":[4],\"tokens\":[1]}",
                "{\"grid\":[4,4],\"tokens\":[-1]}",
                "{\"grid\":[4,4],\"tokens\":[1.5]}",
                "{\"grid\":[4,4],\"tokens\":[1]}",
                "{\"grid\":[4,5],\"tokens\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
                "{\"grid\":[4,4",
                "7"
            })
    void shouldRefuseWhatIsNoMapOfThePicture(String content) throws IOException {
        // Given
        importModel("depth");
        Files.writeString(directory.resolve("map.json"), content);

        // When
        CommandRun run = render("--condition", "map.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera: ").doesNotContain("unexpected").doesNotContain("\tat ");
    }
}
