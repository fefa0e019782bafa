package dev.tessera.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.onnx.OnnxException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graphs' outputs begin with the means of red, green and blue, or with the smallest, the mean and the largest id. */
class NetworksTest {
    private final Path folder;

    NetworksTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldMakeVectorsOfPicturesOfAnySize() throws IOException {
        // Given
        List<Path> pictures = List.of(picture("a.png", 2, 3, 0xFF8000), picture("b.png", 5, 1, 0x0000FF));
        List<Integer> done = new ArrayList<>();
        // When
        try (PictureNetwork network =
                PictureNetwork.open(graph("inception"), Map.of("pool", 2048, "spatial", 2023, "logits", 1008))) {
            Map<String, Features> features = network.of(pictures, done::add);
            // Then
            assertThat(features).containsOnlyKeys("pool", "spatial", "logits");
            assertThat(first(features.get("pool"), 0)).containsExactly(255, 128, 0);
            assertThat(first(features.get("spatial"), 1)).containsExactly(0, 0, 255);
            assertThat(features.get("logits").width()).isEqualTo(1008);
            assertThat(done).containsExactly(1, 2);
        }
    }

    @Test
    void shouldMakeVectorsOfTexts() {
        try (TextNetwork network = TextNetwork.open(graph("clip-texts"), 512)) {
            // When
            Features features = network.of(List.of("one", "three"), text -> new long[] {text.length(), 1, 8});
            // Then
            assertThat(first(features, 0)).containsExactly(1, 4, 8);
            assertThat(first(features, 1)).containsExactly(1, (5 + 1 + 8) / 3f, 8);
        }
    }

    @Test
    void shouldNameTheFileThatIsNoPicture() throws IOException {
        Path text = Files.writeString(folder.resolve("c.png"), "no picture");
        try (PictureNetwork network = PictureNetwork.open(graph("clip-pictures"), Map.of("embedding", 512))) {
            assertThatExceptionOfType(EvaluationException.class)
                    .isThrownBy(() -> network.of(List.of(text), count -> {}))
                    .withMessageContaining("c.png is no picture");
        }
    }

    @Test
    void shouldRefuseANetworkOfAnotherWidth() {
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> TextNetwork.open(graph("clip-texts"), 768))
                .withMessageContaining("embedding")
                .withMessageContaining("768");
    }

    private Path picture(String name, int width, int height, int colour) throws IOException {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            picture.setRGB(i % width, i / width, colour);
        }
        Path file = folder.resolve(name);
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    private static double[] first(Features features, int row) {
        return new double[] {features.get(row, 0), features.get(row, 1), features.get(row, 2)};
    }

    private static Path graph(String name) {
        try {
            return Path.of(Objects.requireNonNull(NetworksTest.class.getResource("/evaluation/" + name + ".onnx"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
