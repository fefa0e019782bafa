package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.decoder.DecoderException;
import dev.tessera.decoder.Picture;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.OnnxException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On the tiny image decoder that {@code src/test/resources/tiny-image/make_graph.py} describes. */
class OnnxImageDecoderTest {
    private final OnnxImageDecoder decoder =
            OnnxImageDecoder.open(graph(), manifest(new Grid(2, 3)), GraphOptions.defaults());

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void shouldTurnTokensIntoPixelsAtTheirPlace() {
        // When
        Picture picture = decoder.decode(new Drawing.OfTokens(new TokenGrid(2, 3, 4, new int[] {0, 1, 2, 3, 0, 1})));

        // Then
        assertThat(picture.width()).isEqualTo(6);
        assertThat(picture.height()).isEqualTo(4);
        byte[] top = {0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, 0, (byte) 128, -1, 0, (byte) 128};
        byte[] bottom = {(byte) 191, -1, 0, (byte) 191, -1, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1};
        assertThat(picture.row(0)).isEqualTo(top);
        assertThat(picture.row(1)).isEqualTo(top);
        assertThat(picture.row(2)).isEqualTo(bottom);
        assertThat(picture.row(3)).isEqualTo(bottom);
    }

    @Test
    void shouldRefuseTokensOfAnotherGridOrCodebook() {
        refused(new TokenGrid(3, 2, 4, new int[6]));
        refused(new TokenGrid(2, 3, 5, new int[6]));
        refused(new TokenGrid(1, 1, 4, new int[1]));
    }

    @Test
    void shouldRefuseAGraphOfAnotherGrid() {
        // When, Then
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> OnnxImageDecoder.open(graph(), manifest(new Grid(16, 16)), GraphOptions.defaults()))
                .withMessageContaining("input tokens is INT64[1, 2, 3], expected INT64[1, 16, 16]");
    }

    @Test
    void shouldDecodeTheFinerGridOfAModelWithSuperResolution() {
        // Given
        var tokens = new TokenGrid(2, 3, 4, new int[] {0, 1, 2, 3, 0, 1});
        try (var upscaled = OnnxImageDecoder.open(graph(), upscaled(), GraphOptions.defaults())) {
            // When
            float[] pixels = upscaled.pixels(new Drawing.OfTokens(tokens));

            // Then
            assertThat(pixels).isEqualTo(decoder.pixels(new Drawing.OfTokens(tokens)));
            assertThatExceptionOfType(DecoderException.class)
                    .isThrownBy(() -> upscaled.decode(new Drawing.OfTokens(new TokenGrid(1, 3, 16, new int[3]))))
                    .withMessageContaining("whose grid is 2 x 3 of 4");
        }
    }

    private void refused(TokenGrid tokens) {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> decoder.decode(new Drawing.OfTokens(tokens)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("grid_mismatch"));
    }

    private static Path graph() {
        try {
            return Path.of(
                    Objects.requireNonNull(OnnxImageDecoderTest.class.getResource("/tiny-image/image-decoder.onnx"))
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From a base grid of 1 x 3 of 16. */
    private static BundleManifest upscaled() {
        var unmasking = new UnmaskingDefaults(8, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR);
        return new BundleManifest(
                BundleManifest.FORMAT,
                "squares",
                Family.MASKED,
                "squares",
                List.of("tokenizer", "generator", "superres", "decoder"),
                new TextConditioning(4, 8, 0, true, 0),
                new ImageSize(6, 4),
                new Grid(1, 3),
                new Codebook(16, 8),
                new MaskedTransformer(List.of(8), 0, 16, unmasking),
                new Defaults(4, 1, 0, 1),
                Optional.of(new SuperResolution(
                        new ImageSize(6, 2), new Grid(2, 3), new Codebook(4, 8), List.of(8), 4, unmasking, 4, 1)),
                Optional.empty(),
                Map.of(),
                "Apache-2.0",
                new Provenance("tessera", Map.of()),
                Map.of());
    }

    private static BundleManifest manifest(Grid grid) {
        return new BundleManifest(
                BundleManifest.FORMAT,
                "squares",
                Family.NEXT_TOKEN,
                "squares",
                List.of("tokenizer", "generator", "decoder"),
                new ClassConditioning(10),
                new ImageSize(6, 4),
                grid,
                new Codebook(4, 8),
                new NextTokenTransformer(1, 1, 8, 8, 1),
                new Defaults(4, 1, 0, 1),
                Map.of(),
                "Apache-2.0",
                new Provenance("tessera", Map.of()),
                Map.of());
    }
}
