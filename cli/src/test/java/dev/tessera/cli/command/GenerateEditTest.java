package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generate command with a picture to begin with. */
class GenerateEditTest extends GenerateFixture {
    GenerateEditTest(@TempDir Path directory) throws IOException {
        super(directory);
    }

    @Test
    void shouldSendThePictureToEditAndTheRectangleAsAMask() throws IOException {
        // Given
        prepare("succeeded", stored(0));
        Path picture = Files.write(directory.resolve("in.png"), png(6, 4));

        // When
        CommandRun run = generate("--image", "in.png", "--region", "1,2,3,1");

        // Then
        assertThat(run.exitCode()).isZero();
        JsonNode sent = new ObjectMapper().readTree(gateway.bodies().getFirst());
        assertThat(Base64.getDecoder().decode(sent.path("image").asText())).isEqualTo(Files.readAllBytes(picture));
        BufferedImage mask = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode(sent.path("mask").asText())));
        assertThat(mask.getWidth()).isEqualTo(6);
        for (int i = 0; i < 24; i++) {
            boolean inside = i / 6 == 2 && i % 6 >= 1 && i % 6 < 4;
            assertThat(mask.getRGB(i % 6, i / 6) >>> 24).isEqualTo(inside ? 0 : 255);
        }
    }

    @Test
    void shouldEditAnImageOfAnEarlierJob() throws IOException {
        // Given
        prepare("succeeded", stored(0));
        gateway.png("GET /v1/jobs/j0/images/2", png(6, 4));

        // When
        generate("--from", "j0/2", "--keep", "0,0,6,1");
        generate("--from", "j0", "--strength", "0.25");

        // Then
        JsonNode kept = new ObjectMapper().readTree(gateway.bodies().get(1));
        assertThat(kept.path("from").asText()).isEqualTo("/v1/jobs/j0/images/2");
        BufferedImage mask = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode(kept.path("mask").asText())));
        assertThat(mask.getRGB(0, 0) >>> 24).isEqualTo(255);
        assertThat(mask.getRGB(0, 1) >>> 24).isZero();
        String varied = gateway.bodies().stream()
                .filter(body -> body.contains("strength"))
                .findFirst()
                .orElseThrow();
        assertThat(varied).contains("\"from\":\"/v1/jobs/j0/images/0\",\"strength\":0.25");
    }

    @Test
    void shouldFitAPictureOfAnotherSizeAndKindToTheModel() throws IOException {
        // Given: wider than the model's pictures, blue at the sides and red in the middle
        prepare("succeeded", stored(0));
        String others = "{\"name\":\"other\",\"default\":false,\"size\":\"9x9\"}";
        String own = "{\"name\":\"m\",\"default\":true,\"size\":\"8x4\"}";
        gateway.json("GET /v1/models", 200, "{\"data\":[" + others + "," + own + "]}");
        var picture = new BufferedImage(120, 40, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 120 * 40; i++) {
            picture.setRGB(i % 120, i / 120, i % 120 >= 20 && i % 120 < 100 ? 0xFF0000 : 0x0000FF);
        }
        var file = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpg", file);
        Files.write(directory.resolve("in.jpg"), file.toByteArray());

        // When
        generate("--image", "in.jpg", "--fit", "--region", "0,0,4,4");

        // Then
        JsonNode sent = new ObjectMapper().readTree(posted());
        BufferedImage fitted = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode(sent.path("image").asText())));
        assertThat(fitted.getWidth()).isEqualTo(8);
        assertThat(fitted.getHeight()).isEqualTo(4);
        for (int i = 0; i < 32; i++) {
            assertThat(fitted.getRGB(i % 8, i / 8) >> 16 & 0xFF).isGreaterThan(200);
            assertThat(fitted.getRGB(i % 8, i / 8) & 0xFF).isLessThan(60);
        }
    }

    @Test
    void shouldFitAPictureToTheSizeThatIsAsked() throws IOException {
        // Given
        prepare("succeeded", stored(0));
        Files.write(directory.resolve("in.png"), png(30, 40));

        // When
        generate("--image", "in.png", "--fit", "--size", "12x6");

        // Then
        JsonNode sent = new ObjectMapper().readTree(posted());
        BufferedImage fitted = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode(sent.path("image").asText())));
        assertThat(sent.path("size").asText()).isEqualTo("12x6");
        assertThat(fitted.getWidth()).isEqualTo(12);
        assertThat(fitted.getHeight()).isEqualTo(6);
    }

    @Test
    void shouldSayWhatIsWrongWithAnEdit() throws IOException {
        // Given
        Files.write(directory.resolve("in.png"), png(6, 4));
        Files.writeString(directory.resolve("in.txt"), "no picture");

        // When, Then
        misused("cannot read nothing.png", "--image", "nothing.png");
        misused("give one of them", "--image", "in.png", "--region", "0,0,1,1", "--keep", "0,0,1,1");
        misused("a rectangle needs a picture", "--region", "0,0,1,1");
        misused("4,0,3,1 is not X,Y,W,H within 6x4 pixels", "--image", "in.png", "--region", "4,0,3,1");
        misused("all is not X,Y,W,H in pixels", "--image", "in.png", "--region", "all");
        misused("the picture is not a PNG file", "--image", "in.txt", "--region", "0,0,1,1");
        misused("--from is ../x; give a job's id", "--from", "../x");
        misused("--fit needs a picture", "--fit", "--from", "j1");
        assertThat(gateway.requests()).isEmpty();
        gateway.json("GET /v1/models", 200, "{\"data\":[{\"name\":\"m\",\"default\":true,\"size\":\"8x4\"}]}");
        misused("the picture is of no kind that can be read", "--fit", "--image", "in.txt");
    }

    private String posted() {
        return gateway.bodies().stream()
                .filter(body -> body.contains("image"))
                .findFirst()
                .orElseThrow();
    }

    private void misused(String message, String... options) {
        CommandRun run = generate(options);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }

    private static byte[] png(int width, int height) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
