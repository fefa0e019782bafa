package dev.tessera.importer;

import dev.tessera.importer.VarRun.Conditioned;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A family's tiny model, and logits of rows that all have something else before them. */
enum TinyFamily {
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
                float[] goneOn = run.decode(tokens(rows), new int[rows]);
                return rowByRow(rows, goneOn, run.read(rows, run.embeddings(tokens(2 * rows))));
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

    /** The parts of each row, one behind the other. */
    private static float[] rowByRow(int rows, float[] first, float[] second) {
        FloatBuffer both = FloatBuffer.allocate(first.length + second.length);
        for (int row = 0; row < rows; row++) {
            both.put(first, row * (first.length / rows), first.length / rows);
            both.put(second, row * (second.length / rows), second.length / rows);
        }
        return both.array();
    }

    private static int[] tokens(int rows) {
        int[] tokens = new int[rows];
        Arrays.setAll(tokens, row -> 3 * row + 1);
        return tokens;
    }

    private static ModelBundle muse(AmusedFixture fixture, Path target, Arithmetic arithmetic) {
        MuseOptions options = MuseOptions.defaults();
        new MuseImport(fixture.directory(), options.withBundle(options.bundle().withArithmetic(arithmetic)))
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
