package dev.tessera.importer.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layer normalisation against its formula in double precision. */
class LayerNormsTest {
    private static final int WIDTH = 96;
    private static final int ROWS = 8;
    private static final float EPSILON = 1e-5f;

    private final Path directory;
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private final float[] weight = noise(WIDTH, 1);
    private final float[] bias = noise(WIDTH, 0);

    LayerNormsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 3, 30})
    void shouldNormaliseAsTheFormulaSaysHoweverManyDeviationsTheMeanIs(float mean) {
        // Given
        float[] x = noise(ROWS * WIDTH, mean);

        // When
        float[] plain = withoutBias(x, 2);
        float[] shifted = withBias(x, 2);

        // Then
        assertThat(plain).containsExactly(formula(x, new float[WIDTH]), within(2e-5f));
        assertThat(shifted).containsExactly(formula(x, bias), within(2e-5f));
    }

    @Test
    void shouldMakeNothingButTheBiasOfARowWithoutDifferences() {
        // Given
        float[] x = new float[WIDTH];
        Arrays.fill(x, 0.5f);

        // When
        float[] result = withBias(x, 1);

        // Then
        assertThat(result).isEqualTo(bias);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7})
    void shouldGiveARowTheSameBitsWhateverStandsBesideIt(int rows) {
        // Given
        float[] x = noise(ROWS * WIDTH, 3);
        x[7 * WIDTH] = 1000;
        float[] all = withBias(x, 2);

        // When
        float[] some = withBias(Arrays.copyOf(x, rows * WIDTH), 1);

        // Then
        assertThat(some).isEqualTo(Arrays.copyOf(all, rows * WIDTH));
    }

    @Test
    void shouldNormaliseMoreThanOnceInAGraph() {
        // Given
        var rows = new RowGraph(directory, WIDTH, WIDTH);
        OnnxModel graph = rows.begun();
        var norms = new LayerNorms(graph);
        String ones = vector(graph, "ones", filled(1));
        float[] x = noise(ROWS * WIDTH, 3);

        // When
        norms.normalised("y", norms.normalised("first", "x", ones, EPSILON), vector(graph, "weight", weight), EPSILON);
        float[] result = rows.run(graph, x, 2);

        // Then
        assertThat(result).containsExactly(formula(x, new float[WIDTH]), within(3e-5f));
    }

    private float[] withoutBias(float[] x, int threads) {
        var rows = new RowGraph(directory, WIDTH, WIDTH);
        OnnxModel graph = rows.begun();
        new LayerNorms(graph).normalised("y", "x", vector(graph, "weight", weight), EPSILON);
        return rows.run(graph, x, threads);
    }

    private float[] withBias(float[] x, int threads) {
        var rows = new RowGraph(directory, WIDTH, WIDTH);
        OnnxModel graph = rows.begun();
        new LayerNorms(graph)
                .normalised("y", "x", vector(graph, "weight", weight), vector(graph, "bias", bias), EPSILON);
        return rows.run(graph, x, threads);
    }

    private static String vector(OnnxModel graph, String name, float[] values) {
        return graph.weights(name, List.of((long) WIDTH), new ComputedWeights(name, values));
    }

    private float[] formula(float[] x, float[] addend) {
        float[] result = new float[x.length];
        for (int row = 0; row < x.length; row += WIDTH) {
            double mean = 0;
            for (int i = 0; i < WIDTH; i++) {
                mean += (double) x[row + i] / WIDTH;
            }
            double variance = 0;
            for (int i = 0; i < WIDTH; i++) {
                variance += (x[row + i] - mean) * (x[row + i] - mean) / WIDTH;
            }
            for (int i = 0; i < WIDTH; i++) {
                double even = (x[row + i] - mean) / Math.sqrt(variance + EPSILON);
                result[row + i] = (float) (even * weight[i] + addend[i]);
            }
        }
        return result;
    }

    private static float[] filled(float value) {
        float[] values = new float[WIDTH];
        Arrays.fill(values, value);
        return values;
    }

    private float[] noise(int count, float mean) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + random.nextGaussian());
        }
        return values;
    }
}
