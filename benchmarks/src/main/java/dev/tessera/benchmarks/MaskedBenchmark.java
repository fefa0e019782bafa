package dev.tessera.benchmarks;

import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One forward of a masked model, logits of all cells, against the reference in PyTorch, on the same weights, in one run:
 * they take turns.
 *
 * <p>Arguments: bundle, the same in eight bits, folder of the checkpoint, Python, folder of the Python scripts.
 */
public final class MaskedBenchmark {
    private static final List<Integer> ROWS = List.of(2, 8);
    private static final int REPETITIONS = 3;
    private static final int THREADS = 2;

    private MaskedBenchmark() {}

    public static void main(String[] arguments) {
        ModelBundle bundle = ModelBundle.open(Path.of(arguments[0]));
        ModelBundle bytes = ModelBundle.open(Path.of(arguments[1]));
        var reference = new ReferenceForward(
                Path.of(arguments[3]), Path.of(arguments[4]).resolve("masked.py"), Path.of(arguments[2]));
        System.out.println("Seconds for a forward, " + THREADS + " threads; PyTorch in fp32.");
        System.out.println("| rows | PyTorch | fp32 | ratio | int8 | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        for (int rows : ROWS) {
            compare(bundle, bytes, reference, rows);
        }
        System.out.println(MaskedForward.distance(bundle, bytes, MaskedForward::open));
    }

    private static void compare(ModelBundle bundle, ModelBundle bytes, ReferenceForward reference, int rows) {
        var theirs = new Side<>(() -> reference.seconds(rows, REPETITIONS));
        var own = new Side<>(() -> seconds(bundle, rows));
        var rounded = new Side<>(() -> seconds(bytes, rows));
        Side.takeTurns(theirs, own, rounded);
        System.out.printf(
                Locale.ROOT,
                "| %d | %.3f | %.3f | %.2f | %.3f | %.2f |%n",
                rows,
                Median.of(theirs),
                Median.of(own),
                Median.of(theirs) / Median.of(own),
                Median.of(rounded),
                Median.of(theirs) / Median.of(rounded));
    }

    private static double seconds(ModelBundle bundle, int rows) {
        try (var model = MaskedForward.open(bundle, rows)) {
            int[] tokens = MaskedForward.masked(model.dimensions(), rows);
            int[] wanted = IntStream.range(0, tokens.length).toArray();
            return Median.ofSeconds(REPETITIONS, () -> model.advance(tokens, wanted));
        }
    }
}
