package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyLlamaGen;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the tokens to the pixels, against an independent implementation of LlamaGen's decoder. */
class ImageDecoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final TinyLlamaGen tiny = TinyLlamaGen.text();

    @Test
    void shouldMakeTheSamePixelsOfTheTokens(@TempDir Path folder) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        try (OnnxImageDecoder decoder = OnnxImageDecoder.open(bundle, GraphOptions.defaults())) {
            // When
            float[] pixels = decoder.pixels(new Drawing.OfTokens(tokens(bundle.manifest())));

            // Then
            assertThat(pixels).containsExactly(tiny.expected("pixels"), within(TOLERANCE));
        }
    }

    private TokenGrid tokens(BundleManifest manifest) {
        // The reference picture is that of the second sequence.
        JsonNode ids = tiny.facts().get("tokens").get(1);
        return new TokenGrid(
                manifest.grid().rows(),
                manifest.grid().columns(),
                manifest.codebook().size(),
                IntStream.range(0, ids.size()).map(i -> ids.get(i).intValue()).toArray());
    }
}
