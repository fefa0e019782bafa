package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.decoder.DecoderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelBytesTest {
    @ParameterizedTest
    @CsvSource({
        "-1, 0",
        "1, 255",
        "0, 128",
        // 127.5 * 0.5 + 128 = 191.75, not rounded up.
        "0.5, 191",
        "-0.999, 0",
        "-0.99, 1",
        "0.9999, 255",
        "0.99, 254",
        "-3, 0",
        "3, 255",
        "Infinity, 255",
        "-Infinity, 0"
    })
    void shouldScaleClampAndTruncate(float pixel, int expected) {
        assertThat(PixelBytes.toByte(pixel) & 0xFF).isEqualTo(expected);
    }

    @Test
    void shouldRefuseWhatIsNotANumber() {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> PixelBytes.picture(new float[] {0, 0, Float.NaN}, 1, 1))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("pixels_not_finite"));
    }
}
