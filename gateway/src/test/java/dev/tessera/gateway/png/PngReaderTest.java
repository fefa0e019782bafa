package dev.tessera.gateway.png;

import static dev.tessera.gateway.png.PngParts.HEIGHT;
import static dev.tessera.gateway.png.PngParts.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.gateway.Pngs;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngReaderTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_BINARY
            })
    void shouldReadWhatAnotherWriterWrote(int type) {
        // Given
        BufferedImage image = Pngs.filled(WIDTH, HEIGHT, type);
        if (type == BufferedImage.TYPE_INT_ARGB) {
            image.setRGB(2, 1, 0x40102030);
        }

        // When
        Pixels pixels = PngReader.read(Pngs.file("png", image), WIDTH, HEIGHT);

        // Then
        byte[] rgb = pixels.rgb();
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int argb = image.getRGB(i % WIDTH, i / WIDTH);
            assertThat(pixels.alpha(i)).isEqualTo(argb >>> 24);
            assertThat((rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF)
                    .isEqualTo(argb & 0xFFFFFF);
        }
        assertThat(pixels.hasAlpha()).isEqualTo(type == BufferedImage.TYPE_INT_ARGB);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "4, 0", "8, 0", "16, 0", "8, 4", "16, 4", "16, 2", "16, 6"})
    void shouldReadEveryDepth(int depth, int colourType) {
        // Given: samples of all kinds, and every filter
        int samples = List.of(1, 0, 3, 1, 2, 0, 4).get(colourType);
        int rowBytes = Math.ceilDiv(WIDTH * samples * depth, 8);
        byte[] rows = new byte[HEIGHT * rowBytes];
        new Random(depth).nextBytes(rows);

        // When
        Pixels pixels = PngReader.read(
                PngParts.file(depth, colourType, filtered(rows, rowBytes, samples * depth)), WIDTH, HEIGHT);

        // Then
        byte[] rgb = pixels.rgb();
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int[] expected = new int[samples];
            for (int sample = 0; sample < samples; sample++) {
                expected[sample] = eightBits(rows, i / WIDTH * rowBytes, (i % WIDTH * samples + sample) * depth, depth);
            }
            assertThat(rgb[3 * i] & 0xFF).isEqualTo(expected[0]);
            assertThat(rgb[3 * i + 2] & 0xFF).isEqualTo(samples < 3 ? expected[0] : expected[2]);
            assertThat(pixels.alpha(i)).isEqualTo(samples % 2 == 0 ? expected[samples - 1] : 255);
        }
    }

    /** A sample as eight bits, found bit by bit. */
    private static int eightBits(byte[] rows, int row, int bit, int depth) {
        int value = 0;
        for (int i = bit; i < bit + depth; i++) {
            value = value << 1 | rows[row + i / 8] >> 7 - i % 8 & 1;
        }
        return depth == 16 ? value >> 8 : value * 255 / ((1 << depth) - 1);
    }

    /** Each row with another of the five filters. */
    private static byte[] filtered(byte[] rows, int rowBytes, int bitsPerPixel) {
        int step = Math.max(1, bitsPerPixel / 8);
        byte[] filtered = new byte[HEIGHT * (rowBytes + 1)];
        for (int y = 0; y < HEIGHT; y++) {
            filtered[y * (rowBytes + 1)] = (byte) (y % 5);
            for (int i = 0; i < rowBytes; i++) {
                int left = i < step ? 0 : rows[y * rowBytes + i - step] & 0xFF;
                int up = y == 0 ? 0 : rows[(y - 1) * rowBytes + i] & 0xFF;
                int corner = i < step || y == 0 ? 0 : rows[(y - 1) * rowBytes + i - step] & 0xFF;
                int predicted = List.of(0, left, up, (left + up) / 2, nearest(left, up, corner))
                        .get(y % 5);
                filtered[y * (rowBytes + 1) + 1 + i] = (byte) (rows[y * rowBytes + i] - predicted);
            }
        }
        return filtered;
    }

    private static int nearest(int left, int up, int corner) {
        int estimate = left + up - corner;
        int best = left;
        for (int candidate : new int[] {up, corner}) {
            best = Math.abs(estimate - candidate) < Math.abs(estimate - best) ? candidate : best;
        }
        return best;
    }

    @Test
    void shouldTakeTheTransparentColourForAlpha() {
        // Given: a grey of eight bits, in which 5 is transparent
        byte[] rows = new byte[HEIGHT * (WIDTH + 1)];
        rows[1] = 5;
        byte[] key = {0, 5};
        byte[] file = Pngs.with(PngParts.file(8, 0, rows), "tRNS", key);

        // When
        Pixels pixels = PngReader.read(file, WIDTH, HEIGHT);

        // Then
        assertThat(pixels.hasAlpha()).isTrue();
        assertThat(pixels.alpha(0)).isZero();
        assertThat(pixels.alpha(1)).isEqualTo(255);
    }
}
