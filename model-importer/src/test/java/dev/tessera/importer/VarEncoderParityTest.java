package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image encoder's graph against an independent implementation: a picture's tokens at every one of its scales. */
class VarEncoderParityTest {
    private static final Dimension ONE = Dimension.fixed(1);

    @ParameterizedTest
    @ValueSource(strings = {"plain", "shared", "unscaled"})
    void shouldEncodeToTheSameTokensAtEveryScale(String name, @TempDir Path directory) {
        // Given
        var fixture = new VarFixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), VarOptions.defaults());

        // When
        int[] tokens = encode(bundle, fixture.picture());

        // Then
        assertThat(tokens).isEqualTo(fixture.pictureTokens());
    }

    private static int[] encode(ModelBundle bundle, float[] pixels) {
        ImageSize size = bundle.manifest().image();
        int count = bundle.manifest().tokensPerImage();
        Port in = Port.float32(
                "pixels", ONE, Dimension.fixed(3), Dimension.fixed(size.height()), Dimension.fixed(size.width()));
        var signature = new GraphSignature(List.of(in), List.of(Port.int64("tokens", ONE, Dimension.fixed(count))));
        try (var memory = new TensorMemory();
                var graph =
                        OnnxGraph.open(bundle.file(BundleFiles.IMAGE_ENCODER), signature, GraphOptions.defaults())) {
            Tensor picture = memory.float32(1, 3, size.height(), size.width());
            picture.floats().put(0, pixels);
            Tensor tokens = memory.int64(1, count);
            graph.run(Map.of("pixels", picture), Map.of("tokens", tokens));
            long[] values = new long[count];
            tokens.longs().get(0, values);
            return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
        }
    }
}
