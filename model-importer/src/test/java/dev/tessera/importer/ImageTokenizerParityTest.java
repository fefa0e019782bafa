package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.Grid;
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

/** The image decoder's and encoder's graphs against an independent implementation, with five, three and two levels. */
class ImageTokenizerParityTest {
    private static final float TOLERANCE = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"classes", "text", "groups"})
    void shouldDecodeTheSamePixels(String name, @TempDir Path directory) {
        // Given
        Fixture fixture = new Fixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());
        int[] tokens = fixture.sequences("tokens").get(name.equals("text") ? 1 : 0);

        // When
        float[] pixels = decode(bundle, tokens);

        // Then
        float[] expected = fixture.floats("pixels");
        float worst = LlamaGenParityTest.difference(pixels, 0, expected, 0, expected.length);
        System.out.println(name + ": largest difference of a pixel " + worst);
        assertThat(worst).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classes", "text", "groups"})
    void shouldEncodeToTheSameTokens(String name, @TempDir Path directory) {
        // Given
        Fixture fixture = new Fixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());

        // When
        int[] tokens = encode(bundle, fixture.floats("picture"));

        // Then
        assertThat(tokens).isEqualTo(fixture.numbers("encoded"));
    }

    private static float[] decode(ModelBundle bundle, int[] tokens) {
        var signature = new GraphSignature(List.of(tokens(bundle)), List.of(pixels("pixels", bundle)));
        Grid grid = bundle.manifest().grid();
        ImageSize image = bundle.manifest().image();
        try (var memory = new TensorMemory();
                var graph =
                        OnnxGraph.open(bundle.file(BundleFiles.IMAGE_DECODER), signature, GraphOptions.defaults())) {
            Tensor in = memory.int64(1, grid.rows(), grid.columns());
            in.longs().put(0, Arrays.stream(tokens).asLongStream().toArray());
            Tensor out = memory.float32(1, 3, image.height(), image.width());
            graph.run(Map.of("tokens", in), Map.of("pixels", out));
            float[] values = new float[out.elements()];
            out.floats().get(0, values);
            return values;
        }
    }

    private static int[] encode(ModelBundle bundle, float[] pixels) {
        var signature = new GraphSignature(List.of(pixels("pixels", bundle)), List.of(tokens(bundle)));
        Grid grid = bundle.manifest().grid();
        ImageSize image = bundle.manifest().image();
        try (var memory = new TensorMemory();
                var graph =
                        OnnxGraph.open(bundle.file(BundleFiles.IMAGE_ENCODER), signature, GraphOptions.defaults())) {
            Tensor in = memory.float32(1, 3, image.height(), image.width());
            in.floats().put(0, pixels);
            Tensor out = memory.int64(1, grid.rows(), grid.columns());
            graph.run(Map.of("pixels", in), Map.of("tokens", out));
            long[] values = new long[out.elements()];
            out.longs().get(0, values);
            return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
        }
    }

    private static Port tokens(ModelBundle bundle) {
        Grid grid = bundle.manifest().grid();
        return Port.int64("tokens", Dimension.fixed(1), Dimension.fixed(grid.rows()), Dimension.fixed(grid.columns()));
    }

    private static Port pixels(String name, ModelBundle bundle) {
        ImageSize image = bundle.manifest().image();
        return Port.float32(
                name,
                Dimension.fixed(1),
                Dimension.fixed(3),
                Dimension.fixed(image.height()),
                Dimension.fixed(image.width()));
    }
}
