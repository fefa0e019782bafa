package dev.tessera.benchmarks;

import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A step of super-resolution by the share of its cells that are still open, since logits are made of these alone, against a
 * forward of the reference in PyTorch on the same weights, in one run: they take turns. Besides, the condition of a row, which
 * the reference works out at every step.
 *
 * <p>Arguments: bundle, the same in eight bits, folder of the checkpoint, Python, folder of the Python scripts.
 */
public final class SuperResolutionBenchmark {
    private static final List<Integer> ROWS = List.of(2, 4);
    private static final double FEW = 1.0 / 16;
    private static final int REPETITIONS = 2;
    private static final int THREADS = 2;

    private SuperResolutionBenchmark() {}

    public static void main(String[] arguments) {
        ModelBundle bundle = ModelBundle.open(Path.of(arguments[0]));
        ModelBundle bytes = ModelBundle.open(Path.of(arguments[1]));
        var reference = new ReferenceForward(
                Path.of(arguments[3]), Path.of(arguments[4]).resolve("muse.py"), Path.of(arguments[2]));
        System.out.println("Seconds, PyTorch in fp32, " + THREADS
                + " threads; MB that the rows keep, and of logits in the first step.");
        System.out.println(
                "| rows | precision | PyTorch | step, all open | ratio | 1/16 open | ratio | condition of a row | kept"
                        + " | logits |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        ROWS.forEach(rows -> compare(bundle, bytes, reference, rows));
        System.out.println(MaskedForward.distance(bundle, bytes, MaskedForward::openSuperResolution));
    }

    private static void compare(ModelBundle bundle, ModelBundle bytes, ReferenceForward reference, int rows) {
        var theirs = new Side<>(() -> reference.seconds(rows, REPETITIONS));
        var own = new Side<>(() -> timing(bundle, rows));
        var rounded = new Side<>(() -> timing(bytes, rows));
        Side.takeTurns(theirs, own, rounded);
        print(bundle, rows, Median.of(theirs), own);
        print(bytes, rows, Median.of(theirs), rounded);
    }

    private static void print(ModelBundle bundle, int rows, double theirs, Side<Timing> own) {
        double all = own.median(Timing::all);
        double few = own.median(Timing::few);
        System.out.printf(
                Locale.ROOT,
                "| %d | %s | %.3f | %.3f | %.2f | %.3f | %.2f | %.3f | %.0f | %.0f |%n",
                rows,
                bundle.manifest().productPrecision().name().toLowerCase(Locale.ROOT),
                theirs,
                all,
                theirs / all,
                few,
                theirs / few,
                own.median(Timing::condition),
                own.median(Timing::kept) * rows / 1e6,
                (double) logits(bundle, rows) * Float.BYTES / 1e6);
    }

    private static long logits(ModelBundle bundle, int rows) {
        return (long) rows
                * bundle.manifest().finishedGrid().tokens()
                * bundle.manifest().finishedCodebook().size();
    }

    private static Timing timing(ModelBundle bundle, int rows) {
        var options = new GraphOptions(THREADS, true, GraphOptions.Optimisation.ALL);
        try (var model = OnnxMaskedModel.openSuperResolution(bundle, rows, options)) {
            MaskedDimensions dimensions = model.dimensions();
            long begun = System.nanoTime();
            for (int row = 0; row < rows; row++) {
                model.begin(row, MaskedForward.baseGrid(dimensions, row));
            }
            double condition = (System.nanoTime() - begun) / 1e9 / rows;
            return new Timing(condition, seconds(model, rows, 1), seconds(model, rows, FEW), kept(bundle, dimensions));
        }
    }

    /**
     * Seconds of each.
     *
     * @param condition of a row, once
     * @param all a step with all cells open
     * @param few a step with few of them open
     * @param kept bytes of a row
     */
    private record Timing(double condition, double all, double few, double kept) {}

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
        return Median.ofSeconds(REPETITIONS, () -> model.advance(tokens, wanted));
    }
}
