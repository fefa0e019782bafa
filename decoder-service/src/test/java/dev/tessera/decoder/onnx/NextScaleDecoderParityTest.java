package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.decoder.DecoderException;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the tokens of all scales to the pixels, against an independent implementation of VAR's decoder. */
class NextScaleDecoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final Path folder;

    NextScaleDecoderParityTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyVar> models() {
        return Stream.of(TinyVar.plain(), TinyVar.shared(), TinyVar.unscaled());
    }

    private OnnxImageDecoder decoder(TinyVar tiny) {
        return OnnxImageDecoder.open(tiny.importTo(folder.resolve("tiny"), "tiny"), GraphOptions.defaults());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheSamePixelsOfTheTokens(TinyVar tiny) {
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

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheSamePixelsOfTheLatentPictureOfASmoothImage(TinyVar tiny) {
        // Given
        try (OnnxImageDecoder decoder = decoder(tiny)) {
            for (TinyVar.SmoothImage image : tiny.smoothImages()) {
                // When
                float[] pixels = decoder.pixels(new Drawing.Blended(
                        image.tokens(), latent(image.latent(), image.tokens().rows())));

                // Then
                assertThat(pixels).containsExactly(image.pixels(), within(TOLERANCE));
            }
        }
    }

    private static LatentPicture latent(float[] values, int side) {
        return new LatentPicture(values.length / side / side, side, values);
    }

    @Test
    void shouldRefuseALatentPictureOfAnotherSize() {
        // Given
        TinyVar tiny = TinyVar.plain();
        try (OnnxImageDecoder decoder = decoder(tiny)) {
            float[] values = tiny.smoothImages().getFirst().latent();

            // When, Then
            refused(decoder, new Drawing.Blended(tiny.tokens(0), latent(values, 2)));
            refused(decoder, new Drawing.Blended(tiny.tokens(0), latent(Arrays.copyOf(values, values.length / 2), 4)));
        }
    }

    @Test
    void shouldRefuseALatentPictureForAModelThatHasNone() {
        // Given
        TinyAmused tiny = TinyAmused.plain();
        try (OnnxImageDecoder decoder =
                OnnxImageDecoder.open(tiny.importTo(folder.resolve("tiny"), "tiny"), GraphOptions.defaults())) {
            // When, Then
            refused(decoder, new Drawing.Blended(tiny.tokens(0), latent(new float[128], 4)));
        }
    }

    @Test
    void shouldRefuseTokensOfOtherScales() {
        // Given
        try (OnnxImageDecoder decoder = decoder(TinyVar.plain())) {
            refused(decoder, new TokenGrid(4, 4, 64, new int[16]));
            refused(decoder, TokenGrid.ofScales(List.of(1, 2, 4), 64, new int[21]));
            refused(decoder, TokenGrid.ofScales(List.of(1, 2, 3, 4), 32, new int[30]));
        }
    }

    private static void refused(OnnxImageDecoder decoder, TokenGrid tokens) {
        refused(decoder, new Drawing.OfTokens(tokens));
    }

    private static void refused(OnnxImageDecoder decoder, Drawing drawing) {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> decoder.decode(drawing))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("grid_mismatch"));
    }
}
