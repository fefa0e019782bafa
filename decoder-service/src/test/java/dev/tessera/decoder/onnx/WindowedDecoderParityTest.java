package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.decoder.DecoderException;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyTaming;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Grids of several sizes to pixels, against an independent implementation of the VQGAN's decoder. */
class WindowedDecoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final Path folder;

    WindowedDecoderParityTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyTaming> models() {
        return Stream.of(TinyTaming.classes(), TinyTaming.start(), TinyTaming.segmentation(), TinyTaming.depth());
    }

    private OnnxImageDecoder decoder(TinyTaming tiny) {
        return OnnxImageDecoder.open(tiny.importTo(folder.resolve("tiny"), "tiny"), GraphOptions.defaults());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheSamePixelsOfTheTokens(TinyTaming tiny) {
        // Given
        try (OnnxImageDecoder decoder = decoder(tiny)) {
            for (int image = 0; image < tiny.images(); image++) {
                // When
                float[] pixels = decoder.pixels(new Drawing.OfTokens(tiny.tokens(image)));

                // Then
                assertThat(pixels).containsExactly(tiny.pixels(image), within(TOLERANCE));
            }
        }
    }

    @Test
    void shouldRefuseGridsThatTheModelDoesNotMake() {
        // Given
        try (OnnxImageDecoder decoder = decoder(TinyTaming.classes())) {
            refused(decoder, new TokenGrid(3, 4, 64, new int[12]));
            refused(decoder, new TokenGrid(64, 65, 64, new int[64 * 65]));
            refused(decoder, new TokenGrid(4, 4, 32, new int[16]));
            refused(decoder, TokenGrid.ofScales(List.of(1, 4), 64, new int[17]));
        }
    }

    private static void refused(OnnxImageDecoder decoder, TokenGrid tokens) {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> decoder.decode(new Drawing.OfTokens(tokens)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("grid_mismatch"));
    }
}
