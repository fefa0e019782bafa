package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngEncoderTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "64, 64", "65, 33", "512, 512"})
    void shouldGiveBackEveryPixel(int width, int height) throws IOException {
        // Given: noise in the left half, a smooth ramp in the right one, so that every filter has its rows.
        byte[] rgb = pixels(width, height);

        // When
        byte[] png = PngEncoder.encode(new Picture(width, height, rgb), Map.of());

        // Then
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        assertThat(bytes(image)).isEqualTo(rgb);
    }

    @Test
    void shouldCompressWhatIsSmooth() {
        // Given
        int size = 256;
        byte[] ramp = new byte[size * size * 3];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i / 3 % size + i / 3 / size);
        }

        // When
        byte[] png = PngEncoder.encode(new Picture(size, size, ramp), Map.of());

        // Then
        assertThat(png.length).isLessThan(ramp.length / 50);
    }

    @Test
    void shouldKeepTextsInOrderAndInUnicode() throws IOException {
        // Given
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Software", "Tessera");
        texts.put("parameters", "{\"prompt\":\"a \u2764 and a \uD83C\uDF55\"}");

        // When
        byte[] png = PngEncoder.encode(new Picture(1, 1, new byte[3]), texts);

        // Then
        assertThat(PngTexts.read(png)).containsExactlyEntriesOf(texts);
    }

    @Test
    void shouldWriteTheSameBytesForTheSamePicture() {
        // Given
        Picture picture = new Picture(64, 64, pixels(64, 64));
        Map<String, String> texts = Map.of("Software", "Tessera");

        // When
        byte[] first = PngEncoder.encode(picture, texts);
        byte[] second = PngEncoder.encode(new Picture(64, 64, pixels(64, 64)), texts);

        // Then
        assertThat(second).isEqualTo(first);
    }

    private static byte[] pixels(int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        new Random(1).nextBytes(rgb);
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % width;
            if (x > width / 2) {
                rgb[i] = (byte) (2 * x + i / 3 / width);
            }
        }
        return rgb;
    }

    private static byte[] bytes(BufferedImage image) {
        byte[] rgb = new byte[image.getWidth() * image.getHeight() * 3];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth());
            rgb[i] = (byte) (pixel >> 8 * (2 - i % 3));
        }
        return rgb;
    }
}
