package dev.tessera.benchmarks;

import dev.tessera.generation.Condition;
import dev.tessera.generation.TextStates;
import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What super-resolution costs: the condition of a row, and a step by the share of its cells that are still open, since
 * logits are made of these alone.
 *
 * <p>Arguments: bundles.
 */
public final class SuperResolutionBenchmark {
    private static final List<Integer> ROWS = List.of(2, 8);
    private static final double[] SHARES = {1, 0.5, 1.0 / 16};
    private static final int REPETITIONS = 3;
    private static final int THREADS = 2;

    /** More logits in one step are not measured. */
    private static final long MOST_LOGITS = 1L << 27;

    private SuperResolutionBenchmark() {}

    public static void main(String[] arguments) {
        System.out.println(
                "Seconds, fp32, " + THREADS + " threads; MB that the rows keep, and of logits in the first step.");
        System.out.println(
                "| cells | rows | condition of a row | step, all open | half open | 1/16 open | kept | logits |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (String argument : arguments) {
            ModelBundle bundle = ModelBundle.open(Path.of(argument));
            ROWS.stream().filter(rows -> logits(bundle, rows) <= MOST_LOGITS).forEach(rows -> measure(bundle, rows));
        }
    }

    private static long logits(ModelBundle bundle, int rows) {
        return (long) rows
                * bundle.manifest().finishedGrid().tokens()
                * bundle.manifest().finishedCodebook().size();
    }

    private static void measure(ModelBundle bundle, int rows) {
        var options = new GraphOptions(THREADS, true, GraphOptions.Optimisation.ALL);
        try (var model = OnnxMaskedModel.openSuperResolution(bundle, rows, options)) {
            MaskedDimensions dimensions = model.dimensions();
            long begun = System.nanoTime();
            for (int row = 0; row < rows; row++) {
                model.begin(row, condition(dimensions, row));
            }
            double condition = (System.nanoTime() - begun) / 1e9 / rows;
            double[] steps = Arrays.stream(SHARES)
                    .map(share -> seconds(model, rows, share))
                    .toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %d | %.3f | %.3f | %.3f | %.3f | %.0f | %.0f |%n",
                    dimensions.cells(),
                    rows,
                    condition,
                    steps[0],
                    steps[1],
                    steps[2],
                    kept(bundle, dimensions) * rows / 1e6,
                    (double) logits(bundle, rows) * Float.BYTES / 1e6);
        }
    }

    /** Bytes of a row's keys and values. */
    private static double kept(ModelBundle bundle, MaskedDimensions dimensions) {
        SuperResolution stage = bundle.manifest().superres().orElseThrow();
        int widths = stage.contexts().stream().mapToInt(Integer::intValue).sum();
        return 2.0 * dimensions.kept() * widths * Float.BYTES;
    }

    private static double seconds(OnnxMaskedModel model, int rows, double share) {
        MaskedDimensions dimensions = model.dimensions();
        int[] tokens = new int[rows * dimensions.cells()];
        Arrays.fill(tokens, dimensions.maskToken());
        int open = (int) (dimensions.cells() * share);
        int[] wanted = IntStream.range(0, tokens.length)
                .filter(place -> place % dimensions.cells() < open)
                .toArray();
        model.advance(tokens, wanted);
        double[] seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            long begun = System.nanoTime();
            model.advance(tokens, wanted);
            seconds[i] = (System.nanoTime() - begun) / 1e9;
        }
        return Median.of(seconds);
    }

    /** What a text and a base grid say does not change what they cost, but no row may take another's. */
    private static Condition.OfBaseGrid condition(MaskedDimensions dimensions, int row) {
        int texts = dimensions.text().maxTokens();
        int width = dimensions.text().width();
        var states = TextStates.fromFloats(
                texts, width, ByteBuffer.allocate(texts * width * Float.BYTES), ByteBuffer.allocate(0));
        var base = dimensions.base().orElseThrow();
        int[] ids =
                new Random(row).ints(base.grid().tokens(), 0, base.vocabulary()).toArray();
        return new Condition.OfBaseGrid(
                states, new TokenGrid(base.grid().rows(), base.grid().columns(), base.vocabulary(), ids));
    }
}
