package dev.tessera.importer.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.PlainBytes;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.inference.bundle.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products in eight bits against the same rule written plainly. */
class ByteProductsTest {
    private static final int IN = 96;
    private static final int OUT = 80;
    private static final int ROWS = 8;

    private final Path directory;
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    ByteProductsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldMultiplyAsThePlainRuleDoes() {
        // Given: a row and a column of nothing, and a row with one large number
        float[] x = noise(ROWS * IN);
        Arrays.fill(x, 2 * IN, 3 * IN, 0);
        x[4 * IN + 5] = 300;
        float[] matrix = noise(IN * OUT);
        for (int row = 0; row < IN; row++) {
            matrix[row * OUT + 3] = 0;
        }

        // When
        float[] result = products(x, matrix, 2);

        // Then
        float[] expected = PlainBytes.product(x, matrix, IN, OUT);
        for (int row = 0; row < ROWS; row++) {
            float[] own = Arrays.copyOfRange(expected, row * OUT, (row + 1) * OUT);
            assertThat(Arrays.copyOfRange(result, row * OUT, (row + 1) * OUT))
                    .containsExactly(own, within(2e-6f * largest(own)));
        }
        assertThat(Arrays.copyOfRange(result, 2 * OUT, 3 * OUT)).containsOnly(0);
        assertThat(expected).isNotEqualTo(new float[expected.length]);
    }

    @Test
    void shouldNotOverflowWhereEveryNumberIsTheLargest() {
        // Given: pairs of products that 16 bits do not hold
        float[] x = new float[IN];
        Arrays.fill(x, 1);
        float[] matrix = new float[IN * OUT];
        Arrays.fill(matrix, 1);

        // When
        float[] result = products(x, matrix, 1);

        // Then
        assertThat(result).hasSize(OUT);
        for (float value : result) {
            assertThat(value).isCloseTo(IN, within(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void shouldGiveARowTheSameBitsWhateverStandsBesideIt(int rows) {
        // Given
        float[] x = noise(ROWS * IN);
        x[7 * IN] = 1000;
        float[] matrix = noise(IN * OUT);
        float[] all = products(x, matrix, 2);

        // When
        float[] some = products(Arrays.copyOf(x, rows * IN), matrix, 1);

        // Then
        assertThat(some).isEqualTo(Arrays.copyOf(all, rows * OUT));
    }

    @Test
    void shouldQuantiseAnActivationOnceForAllProductsThatReadIt() {
        // Given
        var graph = new OnnxModel("products", WeightStorage.FP32);
        Products products = bytes(graph, 1);

        // When
        products.product("first", "x", matrix("w1", noise(IN * OUT)));
        products.product("second", "x", matrix("w2", noise(IN * OUT)));
        products.product("third", "y", matrix("w3", noise(IN * OUT)));

        // Then
        assertThat(operators(graph)).filteredOn("QuantizeLinear"::equals).hasSize(2);
        assertThat(operators(graph)).filteredOn("MatMulIntegerToFloat"::equals).hasSize(3);
    }

    @Test
    void shouldLeaveSmallMatricesIn32Bits() {
        // Given
        var graph = new OnnxModel("products", WeightStorage.FP32);

        // When
        Products.of(graph, Arithmetic.of(Precision.INT8)).product("y", "x", matrix("w", noise(IN * OUT)));

        // Then
        assertThat(operators(graph)).containsExactly("MatMul");
    }

    @Test
    void shouldRefuseAMatrixThatDoesNotHoldWhatItSays() {
        assertThatThrownBy(() -> new Matrix("w", 2, 3, new ComputedWeights("w", noise(5))))
                .hasMessageContaining("w: 5 weights do not fill 2 x 3");
    }

    @Test
    void shouldPassOnWhatIsWrongWithAWeight() {
        // Given
        var graph = new OnnxModel("products", WeightStorage.FP32);
        bytes(graph, 1).product("y", "x", new Matrix("w", IN, OUT, new Broken()));

        // When, Then
        assertThatThrownBy(() -> OnnxFile.write(graph, directory.resolve("broken.onnx")))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_WEIGHT));
    }

    private static Products bytes(OnnxModel graph, int leastSide) {
        return Products.of(graph, Arithmetic.of(Precision.INT8).withLeastSide(leastSide));
    }

    private static List<String> operators(OnnxModel graph) {
        return graph.nodes().stream().map(Node::operator).toList();
    }

    private float[] products(float[] x, float[] matrix, int threads) {
        var rows = new RowGraph(directory, IN, OUT);
        OnnxModel graph = rows.begun();
        bytes(graph, 1).product("y", "x", matrix("w", matrix));
        return rows.run(graph, x, threads);
    }

    private static Matrix matrix(String name, float[] values) {
        return new Matrix(name, IN, OUT, new ComputedWeights(name, values));
    }

    private float[] noise(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** As a checkpoint's tensor that holds a NaN. */
    private static final class Broken implements Weights {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public long elements() {
            return (long) IN * OUT;
        }

        @Override
        public void read(long from, float[] into, int count) {
            throw new ImportException(Reason.INVALID_WEIGHT, "tensor 'broken' holds the weight NaN");
        }
    }
}
