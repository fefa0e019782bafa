package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With graphs that take the mean colour of a picture for its features. */
class EvaluateCommandTest {
    private static final Path GRAPHS = Path.of("../evaluation/src/test/resources/evaluation")
            .toAbsolutePath()
            .normalize();
    private static final String TOKENIZER = """
            {"version": "1.0", "pre_tokenizer": {"type": "Whitespace"},
             "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "red": 1, "blue": 2}}}
            """;

    private final Path directory;

    EvaluateCommandTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void draw() throws IOException {
        for (int i = 0; i < 5; i++) {
            picture("drawn/" + i + ".png", 0x100000 * i);
            picture("real/" + i + ".png", 0x100000 * i + 0x64);
        }
        picture("real/note.txt", 0);
    }

    @Test
    void shouldMeasureDistancesAndOverlap() throws IOException {
        // When
        CommandRun run = CommandRun.in(
                directory, "evaluate", "drawn", "--reference", "real", "--inception", graph("inception"), "--json");

        // Then: all differ in nothing but the 100 of blue
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(run.out());
        assertThat(figures.path("pictures").intValue()).isEqualTo(5);
        assertThat(figures.path("reference_pictures").intValue()).isEqualTo(5);
        assertThat(figures.path("fid").doubleValue()).isCloseTo(100 * 100, within(1e-2));
        assertThat(figures.path("sfid").doubleValue()).isCloseTo(100 * 100, within(1e-2));
        assertThat(figures.path("inception_score").doubleValue()).isGreaterThanOrEqualTo(1);
        assertThat(figures.path("precision").doubleValue()).isBetween(0.0, 1.0);
        assertThat(figures.path("recall").doubleValue()).isBetween(0.0, 1.0);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldScorePicturesByTheirPrompts() throws IOException {
        // Given
        Files.writeString(directory.resolve("prompts.txt"), "red\nred red\nred blue\nblue\nblue red\n");
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);

        // When
        CommandRun run = CommandRun.in(
                directory,
                "evaluate",
                "drawn",
                "--prompts",
                "prompts.txt",
                "--clip",
                graph("clip-pictures"),
                graph("clip-texts"),
                "tokenizer.json");

        // Then: the first picture is black; red ones are as near to (1, 1, 1) as to (2, 2, 2), and little nearer to (1,
        // 1.5, 2)
        double alike = 1 / Math.sqrt(3);
        double mixed = 1 / Math.sqrt(1 + 1.5 * 1.5 + 4);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("clip_score")
                .contains(String.format(java.util.Locale.ROOT, "%.3f", 100 * (2 * alike + 2 * mixed) / 5));
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThat(CommandRun.in(directory, "evaluate", "drawn").err()).contains("--inception, --clip or both");
        assertThat(CommandRun.in(directory, "evaluate", "drawn", "--inception", graph("inception"))
                        .err())
                .contains("takes --reference");
        assertThat(CommandRun.in(
                                directory, "evaluate", "none", "--reference", "real", "--inception", graph("inception"))
                        .err())
                .contains("none cannot be read as a folder");
        assertThat(CommandRun.in(
                                directory,
                                "evaluate",
                                "drawn",
                                "--reference",
                                "real",
                                "--inception",
                                graph("clip-texts"))
                        .err())
                .contains("clip-texts.onnx is not the graph that is expected here");
    }

    private void picture(String name, int colour) throws IOException {
        var picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 16; i++) {
            picture.setRGB(i % 4, i / 4, colour);
        }
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(picture, "png", file.toFile());
    }

    private static String graph(String name) {
        return GRAPHS.resolve(name + ".onnx").toString();
    }
}
