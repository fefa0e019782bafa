package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.decoder.Picture;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyAmused;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the tokens to the pixels, against an independent implementation of aMUSEd's decoder. */
class MaskedDecoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final Path folder;

    MaskedDecoderParityTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyAmused> models() {
        return Stream.of(TinyAmused.plain(), TinyAmused.halved());
    }

    private OnnxImageDecoder decoder(TinyAmused tiny) {
        return OnnxImageDecoder.open(tiny.importTo(folder.resolve("tiny"), "tiny"), GraphOptions.defaults());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheSamePixelsOfTheTokens(TinyAmused tiny) {
        // Given
        try (OnnxImageDecoder decoder = decoder(tiny)) {
            for (int image = 0; image < tiny.images(); image++) {
                // When
                float[] pixels = decoder.pixels(new Drawing.OfTokens(tiny.tokens(image)));

                // Then: the reference's are 0 to 1
                float[] expected = tiny.pixels(image);
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = 2 * expected[i] - 1;
                }
                assertThat(pixels).containsExactly(expected, within(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldRoundToBytesAsTheReferenceDoes(TinyAmused tiny) {
        // Given
        try (OnnxImageDecoder decoder = decoder(tiny)) {
            // When
            Picture picture = decoder.decode(new Drawing.OfTokens(tiny.tokens(0)));

            // Then: the nearest of 255 steps
            float[] shares = tiny.pixels(0);
            int width = picture.width();
            int area = width * picture.height();
            for (int i = 0; i < shares.length; i++) {
                byte value = picture.row(i % area / width)[3 * (i % width) + i / area];
                assertThat((float) (value & 0xFF)).isCloseTo(255 * shares[i], within(0.51f));
            }
        }
    }
}
