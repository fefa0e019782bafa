package dev.tessera.decoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.decoder.TinyLlamaGen;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the tokens to the pixels, against an independent implementation of LlamaGen's decoder. */
class ImageDecoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    @Test
    void shouldMakeTheSamePixelsOfTheTokens(@TempDir Path folder) {
        // Given
        ModelBundle bundle = TinyLlamaGen.importTo(folder.resolve("tiny"), "tiny");
        try (OnnxImageDecoder decoder = OnnxImageDecoder.open(bundle, GraphOptions.defaults())) {
            // When
            float[] pixels = decoder.pixels(tokens(bundle.manifest()));

            // Then
            assertThat(pixels).containsExactly(TinyLlamaGen.expected("pixels"), within(TOLERANCE));
        }
    }

    private static TokenGrid tokens(BundleManifest manifest) {
        // The reference picture is that of the second sequence.
        JsonNode ids = TinyLlamaGen.facts().get("tokens").get(1);
        return new TokenGrid(
                manifest.grid().rows(),
                manifest.grid().columns(),
                manifest.codebook().size(),
                IntStream.range(0, ids.size()).map(i -> ids.get(i).intValue()).toArray());
    }
}
