package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * VQGAN + GPT's graphs against an independent implementation, on a grid of the window's size and on a larger one that is
 * not square: logits and pixels within 1e-4, windows read or remembered, greedy tokens and the encoders' tokens equal. The models: classes; the start
 * token, with a Gumbel quantiser; a segmentation map; a depth map.
 */
class TamingParityTest {
    private static final float TOLERANCE = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"class", "start", "segmentation", "depth"})
    void shouldMatchTheReferenceAtEveryCell(String name, @TempDir Path directory) {
        // Given
        var fixture = new TamingFixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), TamingOptions.defaults());
        float worst = 0;
        try (var run = new GeneratorRun(bundle, 1)) {
            for (int image = 0; image < fixture.images(); image++) {
                var windows = new Windows(fixture, image, bundle);
                float[] expected = fixture.floats("logits." + image);
                int codes = bundle.manifest().codebook().size();

                // When
                for (int cell = 0; cell < windows.tokens.length; cell++) {
                    float[] window = run.embeddings(windows.before(cell));
                    float[] logits = run.read(1, window);
                    float[] remembered = run.prefill(0, window);
                    windows.tokens[cell] = largest(logits);
                    worst = Math.max(worst, LlamaGenParityTest.difference(logits, 0, expected, cell * codes, codes));
                    worst = Math.max(
                            worst, LlamaGenParityTest.difference(remembered, 0, expected, cell * codes, codes));
                }

                // Then
                assertThat(windows.tokens).isEqualTo(fixture.tokens(image));
            }
        }
        System.out.println(name + ": largest difference of a logit " + worst);
        assertThat(worst).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"class", "start", "segmentation", "depth"})
    void shouldDecodeGridsOfAnySize(String name, @TempDir Path directory) {
        // Given
        var fixture = new TamingFixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), TamingOptions.defaults());
        float worst = 0;
        for (int image = 0; image < fixture.images(); image++) {
            float[] expected = fixture.floats("pixels." + image);

            // When
            float[] pixels = decoded(bundle, fixture.tokens(image), fixture.rows(image), fixture.columns(image));

            // Then
            worst = Math.max(worst, LlamaGenParityTest.difference(pixels, 0, expected, 0, expected.length));
        }
        System.out.println(name + ": largest difference of a pixel " + worst);
        assertThat(worst).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"class", "start", "segmentation", "depth"})
    void shouldEncodePicturesAsTheReferenceDoes(String name, @TempDir Path directory) {
        // Given
        var fixture = new TamingFixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), TamingOptions.defaults());
        int larger = fixture.images() - 1;

        // When
        int[] ids = encoded(
                bundle,
                BundleFiles.IMAGE_ENCODER,
                fixture.floats("picture"),
                3,
                fixture.rows(larger),
                fixture.columns(larger));

        // Then
        assertThat(ids).isEqualTo(fixture.ids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"segmentation", "depth"})
    void shouldEncodeConditionMapsAsTheReferenceDoes(String name, @TempDir Path directory) {
        // Given
        var fixture = new TamingFixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), TamingOptions.defaults());
        int channels = name.equals("depth") ? 1 : 5;
        for (int image = 0; image < fixture.images(); image++) {
            float[] map = fixture.floats("condition." + image);

            // When
            int[] ids = encoded(
                    bundle, BundleFiles.CONDITION_ENCODER, map, channels, fixture.rows(image), fixture.columns(image));

            // Then
            assertThat(ids).isEqualTo(fixture.condition(image));
        }
    }

    private static int largest(float[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((best, code) -> logits[code] > logits[best] ? code : best)
                .orElseThrow();
    }

    private static int factor(ModelBundle bundle) {
        return bundle.manifest().image().width() / bundle.manifest().grid().columns();
    }

    private static float[] decoded(ModelBundle bundle, int[] tokens, int rows, int columns) {
        int factor = factor(bundle);
        var signature = new GraphSignature(
                List.of(Port.int64("tokens", Dimension.fixed(1), Dimension.free("rows"), Dimension.free("columns"))),
                List.of(Port.float32(
                        "pixels",
                        Dimension.fixed(1),
                        Dimension.fixed(3),
                        Dimension.free("height"),
                        Dimension.free("width"))));
        try (var graph = open(bundle, BundleFiles.IMAGE_DECODER, signature);
                var memory = new TensorMemory()) {
            Tensor in = memory.int64(1, rows, columns);
            for (int cell = 0; cell < tokens.length; cell++) {
                in.longs().put(cell, tokens[cell]);
            }
            Tensor out = memory.float32(1, 3, (long) rows * factor, (long) columns * factor);
            graph.run(Map.of("tokens", in), Map.of("pixels", out));
            float[] pixels = new float[out.elements()];
            out.floats().get(0, pixels);
            return pixels;
        }
    }

    private static int[] encoded(
            ModelBundle bundle, String name, float[] picture, int channels, int rows, int columns) {
        int factor = factor(bundle);
        var signature = new GraphSignature(
                List.of(Port.float32(
                        "pixels",
                        Dimension.fixed(1),
                        Dimension.fixed(channels),
                        Dimension.free("height"),
                        Dimension.free("width"))),
                List.of(Port.int64("tokens", Dimension.fixed(1), Dimension.free("rows"), Dimension.free("columns"))));
        try (var graph = open(bundle, name, signature);
                var memory = new TensorMemory()) {
            Tensor in = memory.float32(1, channels, (long) rows * factor, (long) columns * factor);
            in.floats().put(0, picture);
            Tensor out = memory.int64(1, rows, columns);
            graph.run(Map.of("pixels", in), Map.of("tokens", out));
            return IntStream.range(0, rows * columns)
                    .map(cell -> (int) out.longs().get(cell))
                    .toArray();
        }
    }

    private static OnnxGraph open(ModelBundle bundle, String name, GraphSignature signature) {
        return OnnxGraph.open(
                bundle.file(name), signature, GraphOptions.defaults().withThreads(1));
    }

    /** An image that grows cell by cell, and what the transformer is fed for each. */
    private static final class Windows {
        private final int rows;
        private final int columns;
        private final int side;
        private final int[] condition;
        private final int[] tokens;

        Windows(TamingFixture fixture, int image, ModelBundle bundle) {
            this.rows = fixture.rows(image);
            this.columns = fixture.columns(image);
            this.side = ((WindowedTransformer) bundle.manifest().generator()).window();
            this.condition = fixture.condition(image);
            this.tokens = new int[rows * columns];
        }

        int[] before(int cell) {
            int top = Math.clamp(cell / columns - side / 2, 0, rows - side);
            int left = Math.clamp(cell % columns - side / 2, 0, columns - side);
            int drawn = (cell / columns - top) * side + cell % columns - left;
            IntStream prefix = condition.length == 1
                    ? IntStream.of(condition)
                    : IntStream.range(0, side * side).map(place -> condition[at(top, left, place)]);
            return IntStream.concat(prefix, IntStream.range(0, drawn).map(place -> tokens[at(top, left, place)]))
                    .toArray();
        }

        private int at(int top, int left, int place) {
            return (top + place / side) * columns + left + place % side;
        }
    }
}
