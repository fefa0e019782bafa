package dev.tessera.benchmarks;

import dev.tessera.generation.Condition;
import dev.tessera.generation.TextStates;
import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One forward of a masked model, logits of all cells, against the reference in PyTorch, on the same weights, in one run:
 * the two take turns, so that what else the machine does hits both.
 *
 * <p>Arguments: bundle, folder of the checkpoint, Python, folder of the Python scripts.
 */
public final class MaskedBenchmark {
    private static final List<Integer> ROWS = List.of(2, 8);
    private static final int ROUNDS = 3;
    private static final int REPETITIONS = 3;
    private static final int THREADS = 2;

    private MaskedBenchmark() {}

    public static void main(String[] arguments) {
        ModelBundle bundle = ModelBundle.open(Path.of(arguments[0]));
        var reference = new ReferenceForward(
                Path.of(arguments[2]), Path.of(arguments[3]).resolve("masked.py"), Path.of(arguments[1]));
        System.out.println("Seconds for a forward, fp32, " + THREADS + " threads.");
        System.out.println("| rows | PyTorch | Tessera | ratio |");
        System.out.println("|---|---|---|---|");
        for (int rows : ROWS) {
            compare(bundle, reference, rows);
        }
    }

    private static void compare(ModelBundle bundle, ReferenceForward reference, int rows) {
        double[] theirs = new double[ROUNDS];
        double[] own = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            theirs[round] = reference.seconds(rows, REPETITIONS);
            own[round] = seconds(bundle, rows);
        }
        System.out.printf(
                Locale.ROOT,
                "| %d | %.3f | %.3f | %.2f |%n",
                rows,
                Median.of(theirs),
                Median.of(own),
                Median.of(theirs) / Median.of(own));
    }

    private static double seconds(ModelBundle bundle, int rows) {
        var options = new GraphOptions(THREADS, true, GraphOptions.Optimisation.ALL);
        try (var model = OnnxMaskedModel.open(bundle, rows, options)) {
            MaskedDimensions dimensions = model.dimensions();
            for (int row = 0; row < rows; row++) {
                model.begin(row, new Condition.OfText(text(dimensions, row)));
            }
            int[] tokens = new int[rows * dimensions.cells()];
            Arrays.fill(tokens, dimensions.maskToken());
            int[] wanted = IntStream.range(0, tokens.length).toArray();
            model.advance(tokens, wanted);
            double[] seconds = new double[REPETITIONS];
            for (int i = 0; i < REPETITIONS; i++) {
                long begun = System.nanoTime();
                model.advance(tokens, wanted);
                seconds[i] = (System.nanoTime() - begun) / 1e9;
            }
            return Median.of(seconds);
        }
    }

    /** What a text says does not change what it costs. */
    private static TextStates text(MaskedDimensions dimensions, int row) {
        ByteBuffer states = ByteBuffer.allocate(
                dimensions.text().maxTokens() * dimensions.text().width() * Float.BYTES);
        states.putFloat(0, row);
        return TextStates.fromFloats(
                dimensions.text().maxTokens(),
                dimensions.text().width(),
                states,
                ByteBuffer.allocate(dimensions.text().pooledWidth() * Float.BYTES));
    }
}
