package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tessera.v1.EditSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptPixelsTest {
    private static final int WIDTH = 33;
    private static final int HEIGHT = 21;

    private final Random random = new Random(5);
    private final byte[] rgb = bytes(WIDTH * HEIGHT * 3);
    private final byte[] drawn = bytes(WIDTH * HEIGHT * 3);
    private final byte[] mask = new byte[WIDTH * HEIGHT];

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private EditSource source() {
        return EditSource.newBuilder()
                .setWidth(WIDTH)
                .setHeight(HEIGHT)
                .setRgb(ByteString.copyFrom(rgb))
                .setMask(ByteString.copyFrom(mask))
                .build();
    }

    private byte[] pasted(int feather) {
        Picture picture = KeptPixels.paste(new Picture(WIDTH, HEIGHT, drawn), source(), feather);
        byte[] pixels = new byte[rgb.length];
        for (int y = 0; y < HEIGHT; y++) {
            System.arraycopy(picture.row(y), 0, pixels, y * WIDTH * 3, WIDTH * 3);
        }
        return pixels;
    }

    /** By the definition, pixel by pixel. */
    private double distanceToMask(int pixel) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int other = 0; other < mask.length; other++) {
            if (mask[other] == 1) {
                nearest = Math.min(nearest, Math.hypot(other % WIDTH - pixel % WIDTH, other / WIDTH - pixel / WIDTH));
            }
        }
        return nearest;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 9})
    void shouldLeaveEveryPixelOutsideTheMaskAndTheFeatherAsItWas(int feather) {
        // Given: strewn pixels and a block
        for (int i = 0; i < 6; i++) {
            mask[random.nextInt(mask.length)] = 1;
        }
        Arrays.fill(mask, 10 * WIDTH + 4, 10 * WIDTH + 9, (byte) 1);

        // When
        byte[] pixels = pasted(feather);

        // Then
        for (int pixel = 0; pixel < mask.length; pixel++) {
            double distance = distanceToMask(pixel);
            for (int at = 3 * pixel; at < 3 * pixel + 3; at++) {
                if (distance == 0) {
                    assertThat(pixels[at]).isEqualTo(drawn[at]);
                } else if (distance > feather) {
                    assertThat(pixels[at]).isEqualTo(rgb[at]);
                } else {
                    assertThat(pixels[at] & 0xFF)
                            .isBetween(
                                    Math.min(rgb[at] & 0xFF, drawn[at] & 0xFF),
                                    Math.max(rgb[at] & 0xFF, drawn[at] & 0xFF));
                }
            }
        }
    }

    @Test
    void shouldGoOverFromTheDrawnToTheKeptPixelStepByStep() {
        // Given: black that is kept, white that was drawn, and one column of the mask
        Arrays.fill(rgb, (byte) 0);
        Arrays.fill(drawn, (byte) 255);
        for (int y = 0; y < HEIGHT; y++) {
            mask[y * WIDTH + 10] = 1;
        }

        // When
        byte[] pixels = pasted(3);

        // Then
        int[] row = new int[6];
        for (int x = 0; x < row.length; x++) {
            row[x] = pixels[3 * (5 * WIDTH + 10 + x)] & 0xFF;
        }
        assertThat(row).containsExactly(255, 191, 128, 64, 0, 0);
    }

    @Test
    void shouldLeaveTheDrawnPictureAloneWithoutAMask() {
        // Given
        Picture picture = new Picture(WIDTH, HEIGHT, drawn);

        // When
        Picture pasted =
                KeptPixels.paste(picture, source().toBuilder().clearMask().build(), 4);

        // Then
        assertThat(pasted).isEqualTo(picture);
    }

    @Test
    void shouldRefuseAPictureOfAnotherSize() {
        Picture other = new Picture(1, 1, new byte[3]);

        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> KeptPixels.paste(other, source(), 1))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("malformed_picture"));
    }
}
