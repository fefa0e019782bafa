package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.decoder.DecoderException;
import dev.tessera.decoder.Picture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.ClassConditioning;
import dev.tessera.inference.bundle.BundleManifest.Codebook;
import dev.tessera.inference.bundle.BundleManifest.Defaults;
import dev.tessera.inference.bundle.BundleManifest.Family;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.inference.bundle.BundleManifest.NextTokenTransformer;
import dev.tessera.inference.bundle.BundleManifest.Provenance;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.OnnxException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        Picture picture = decoder.decode(new TokenGrid(2, 3, 4, new int[] {0, 1, 2, 3, 0, 1}));

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

    private void refused(TokenGrid tokens) {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> decoder.decode(tokens))
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
