package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every family imported with products in eight bits, also of the matrices of tiny models: rows do not know each other, and
 * logits are near those in 32 bits.
 */
class Int8ImportTest {
    private static final Arithmetic BYTES = Arithmetic.of(Precision.INT8).withLeastSide(16);
    private static final int MOST_ROWS = 8;

    /** Of the logits' own root mean square; random weights err more than trained ones. */
    private static final double MOST_ERROR = 0.1;

    private final Path directory;

    Int8ImportTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveARowTheSameBitsWhateverStandsBesideIt(TinyFamily model) {
        // Given
        ModelBundle bundle = model.imported(directory.resolve("int8"), BYTES);
        float[] all = model.logits(bundle, MOST_ROWS);

        for (int rows : List.of(1, 2, 5)) {
            // When
            float[] some = model.logits(bundle, rows);

            // Then
            assertThat(some).as(rows + " rows").isEqualTo(Arrays.copyOf(all, all.length / MOST_ROWS * rows));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDrawNearlyAsIn32Bits(TinyFamily model) throws IOException {
        // Given
        ModelBundle floats = model.imported(directory.resolve("fp32"), Arithmetic.of(Precision.FP32));
        ModelBundle bytes = model.imported(directory.resolve("int8"), BYTES);
        float[] expected = model.logits(floats, 2);

        // When
        float[] logits = model.logits(bytes, 2);

        // Then
        double error = distance(logits, expected) / distance(new float[expected.length], expected);
        System.out.printf("%s in eight bits: logits off by %.4f of their root mean square%n", model, error);
        assertThat(error).isGreaterThan(1e-4).isLessThan(MOST_ERROR);
        assertThat(floats.manifest().productPrecision()).isEqualTo(Precision.FP32);
        assertThat(bytes.manifest().productPrecision()).isEqualTo(Precision.INT8);
        assertThat(Files.readString(bytes.file(BundleFiles.GENERATOR).resolveSibling("bundle.yaml")))
                .contains("precision: \"int8\"");
        assertThat(weights(bytes)).isLessThan(weights(floats) * 3 / 4);
    }

    @Test
    void shouldLeaveMatricesThatAreTooSmallAsTheyAre() throws IOException {
        // Given
        Path floats = directory.resolve("fp32");
        Path bytes = directory.resolve("int8");

        // When
        TinyFamily.NEXT_TOKEN.imported(floats, Arithmetic.of(Precision.FP32));
        TinyFamily.NEXT_TOKEN.imported(bytes, Arithmetic.of(Precision.INT8));

        // Then
        assertThat(Files.mismatch(floats.resolve(BundleFiles.GENERATOR), bytes.resolve(BundleFiles.GENERATOR)))
                .isEqualTo(-1);
    }

    @Test
    void shouldRefuseSixteenBitAttentionBesideEightBitProducts() {
        LlamaGenOptions options = Fixture.classes().options();
        assertThatThrownBy(() -> options.withBundle(options.bundle().withArithmetic(BYTES))
                        .withHalfAttention(true))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("choose one of the two");
    }

    /** The next-token transformer's first logits of a class, against the same network written down plainly. */
    @Test
    void shouldComputeWhatAPlainTransformerOfThisRuleDoes() {
        // Given
        Fixture fixture = Fixture.classes();
        ModelBundle bundle = TinyFamily.NEXT_TOKEN.imported(directory.resolve("int8"), BYTES);
        var plain = new PlainTransformer(fixture.file("gpt.pt"));
        try (var run = new GeneratorRun(bundle, 1);
                var prefixes = new Prefixes(bundle, fixture)) {
            for (int sequence = 0; sequence < 3; sequence++) {
                float[] prefix = prefixes.of(sequence, true);

                // When
                float[] logits = run.prefill(0, prefix);

                // Then: a sum in another order may move a number of an activation to its neighbour, but hardly ever
                float[] exact = plain.logits(prefix, false);
                float[] expected = plain.logits(prefix, true);
                double off = distance(logits, expected) / distance(exact, expected);
                System.out.printf("class %d: off by %.6f of what eight bits cost%n", sequence, off);
                assertThat(off).isLessThan(0.05);
            }
        }
    }

    private static long weights(ModelBundle bundle) throws IOException {
        return Files.size(bundle.file(BundleFiles.GENERATOR + ".data"));
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return Math.sqrt(sum / a.length);
    }
}
