package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.VarRun.Conditioned;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    void shouldGiveARowTheSameBitsWhateverStandsBesideIt(Model model) {
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
    void shouldDrawNearlyAsIn32Bits(Model model) throws IOException {
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
        Model.NEXT_TOKEN.imported(floats, Arithmetic.of(Precision.FP32));
        Model.NEXT_TOKEN.imported(bytes, Arithmetic.of(Precision.INT8));

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
        ModelBundle bundle = Model.NEXT_TOKEN.imported(directory.resolve("int8"), BYTES);
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

    /** A family's tiny model, and logits of rows that all have something else before them. */
    private enum Model {
        NEXT_TOKEN {
            @Override
            ModelBundle imported(Path target, Arithmetic arithmetic) {
                LlamaGenOptions options = Fixture.classes().options();
                return Fixture.classes()
                        .importTo(target, options.withBundle(options.bundle().withArithmetic(arithmetic)));
            }

            @Override
            float[] logits(ModelBundle bundle, int rows) {
                Fixture fixture = Fixture.classes();
                try (var run = new GeneratorRun(bundle, rows);
                        var prefixes = new Prefixes(bundle, fixture)) {
                    for (int row = 0; row < rows; row++) {
                        run.prefill(row, prefixes.of(row % 3, row % 2 == 0));
                    }
                    return run.decode(tokens(rows), new int[rows]);
                }
            }
        },
        WINDOWED {
            @Override
            ModelBundle imported(Path target, Arithmetic arithmetic) {
                TamingOptions options = TamingOptions.defaults();
                return new TamingFixture("class")
                        .importTo(target, options.withBundle(options.bundle().withArithmetic(arithmetic)));
            }

            @Override
            float[] logits(ModelBundle bundle, int rows) {
                try (var run = new GeneratorRun(bundle, rows)) {
                    for (int row = 0; row < rows; row++) {
                        run.prefill(row, run.embeddings(row));
                    }
                    return run.decode(tokens(rows), new int[rows]);
                }
            }
        },
        NEXT_SCALE {
            @Override
            ModelBundle imported(Path target, Arithmetic arithmetic) {
                VarOptions options = VarOptions.defaults();
                return new VarFixture("shared")
                        .importTo(target, options.withBundle(options.bundle().withArithmetic(arithmetic)));
            }

            @Override
            float[] logits(ModelBundle bundle, int rows) {
                try (var run = new VarRun(bundle, rows)) {
                    List<Conditioned> conditions = new ArrayList<>();
                    List<float[]> finer = new ArrayList<>();
                    for (int row = 0; row < rows; row++) {
                        conditions.add(run.condition(row));
                        finer.add(run.embeddings(run.refined(run.latent(), new int[] {row}, 0), 1));
                    }
                    run.run(0, conditions.stream().map(Conditioned::embedding).toList(), conditions);
                    return run.run(1, finer, conditions);
                }
            }
        },
        MASKED {
            @Override
            ModelBundle imported(Path target, Arithmetic arithmetic) {
                AmusedOptions options = AmusedOptions.defaults();
                return new AmusedFixture("plain")
                        .importTo(target, options.withBundle(options.bundle().withArithmetic(arithmetic)));
            }

            @Override
            float[] logits(ModelBundle bundle, int rows) {
                return maskedLogits(bundle, new AmusedFixture("plain"), rows);
            }
        },
        MUSE {
            @Override
            ModelBundle imported(Path target, Arithmetic arithmetic) {
                return muse(AmusedFixture.muse(), target, arithmetic);
            }

            @Override
            float[] logits(ModelBundle bundle, int rows) {
                return maskedLogits(bundle, AmusedFixture.muse(), rows);
            }
        },
        SUPER_RESOLUTION {
            @Override
            ModelBundle imported(Path target, Arithmetic arithmetic) {
                return muse(AmusedFixture.superres("layered"), target, arithmetic);
            }

            @Override
            float[] logits(ModelBundle bundle, int rows) {
                AmusedFixture fixture = AmusedFixture.superres("layered");
                int cells = bundle.manifest().finishedGrid().tokens();
                int codes = bundle.manifest().finishedCodebook().size();
                try (var run = new SuperResolutionRun(bundle)) {
                    List<long[]> tokens = new ArrayList<>();
                    List<Map<String, float[]>> conditions = new ArrayList<>();
                    for (int row = 0; row < rows; row++) {
                        int image = row % fixture.images();
                        String states = row % 2 == 0 ? "states." : "negative_states.";
                        conditions.add(run.condition(fixture.floats(states + image), fixture.baseTokens(image)));
                        tokens.add(marked(fixture.before(image, 1, cells, codes), row));
                    }
                    return run.logits(tokens, conditions);
                }
            }
        };

        abstract ModelBundle imported(Path target, Arithmetic arithmetic);

        /** Row after row. */
        abstract float[] logits(ModelBundle bundle, int rows);

        private static int[] tokens(int rows) {
            int[] tokens = new int[rows];
            Arrays.setAll(tokens, row -> 5 * row + 1);
            return tokens;
        }

        private static ModelBundle muse(AmusedFixture fixture, Path target, Arithmetic arithmetic) {
            MuseOptions options = MuseOptions.defaults();
            new MuseImport(
                            fixture.directory(),
                            options.withBundle(options.bundle().withArithmetic(arithmetic)))
                    .run("tiny", target, ImportProgress.SILENT);
            return ModelBundle.open(target);
        }

        private static float[] maskedLogits(ModelBundle bundle, AmusedFixture fixture, int rows) {
            int cells = bundle.manifest().grid().tokens();
            long mask = ((MaskedTransformer) bundle.manifest().generator()).maskToken();
            try (var run = new AmusedRun(bundle)) {
                List<long[]> tokens = new ArrayList<>();
                List<Map<String, float[]>> conditions = new ArrayList<>();
                for (int row = 0; row < rows; row++) {
                    int image = row % fixture.images();
                    conditions.add(
                            run.condition(run.encode(row % 2 == 0 ? fixture.ids(image) : fixture.negativeIds(image))));
                    tokens.add(marked(fixture.before(image, 1, cells, mask), row));
                }
                return run.logits(tokens, conditions);
            }
        }

        /** Each row's grid is another. */
        private static long[] marked(long[] tokens, int row) {
            tokens[row] = row;
            return tokens;
        }
    }
}
