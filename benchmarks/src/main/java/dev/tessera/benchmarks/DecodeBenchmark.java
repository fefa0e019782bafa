package dev.tessera.benchmarks;

import dev.tessera.generator.Prefix;
import dev.tessera.generator.onnx.OnnxNextTokenModel;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.Device;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The decode loop against the authors' algorithm in PyTorch, on the same weights, in one run: they take turns.
 *
 * <p>Arguments: bundle, the same in eight bits, checkpoint, Python, folder of the Python scripts.
 */
public final class DecodeBenchmark {
    private static final List<Integer> ROWS = List.of(1, 8, 32);
    private static final int REFERENCE_STEPS = 32;
    private static final int COMPARED_ROWS = 8;
    private static final int COMPARED_STEPS = 64;

    private DecodeBenchmark() {}

    public static void main(String[] arguments) {
        Path bundle = Path.of(arguments[0]);
        Path bytes = Path.of(arguments[1]);
        var reference = new ReferenceLoop(Path.of(arguments[3]), Path.of(arguments[4]), Path.of(arguments[2]));
        System.out.println("Row-tokens a second; PyTorch in fp32; ratios to its loop as published, and with its fused"
                + " attention.");
        System.out.println(
                "| rows | PyTorch | PyTorch, fused | fp32 | ratio | ratio, fused | int8 | ratio | ratio, fused |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (int rows : ROWS) {
            compare(bundle, bytes, reference, rows);
        }
        System.out.println(distance(ModelBundle.open(bundle), ModelBundle.open(bytes)));
    }

    private static void compare(Path bundle, Path bytes, ReferenceLoop reference, int rows) {
        var published = new Side<>(() -> reference.rowTokensPerSecond(rows, REFERENCE_STEPS, false));
        var own = new Side<>(() -> measure(bundle, rows));
        var rounded = new Side<>(() -> measure(bytes, rows));
        var fused = new Side<>(() -> reference.rowTokensPerSecond(rows, REFERENCE_STEPS, true));
        Side.takeTurns(published, own, rounded, fused);
        System.out.printf(
                Locale.ROOT,
                "| %d | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.1f | %.1f |%n",
                rows,
                Median.of(published),
                Median.of(fused),
                Median.of(own),
                Median.of(own) / Median.of(published),
                Median.of(own) / Median.of(fused),
                Median.of(rounded),
                Median.of(rounded) / Median.of(published),
                Median.of(rounded) / Median.of(fused));
    }

    /** Both are fed the same random tokens. */
    private static LogitDistance distance(ModelBundle floats, ModelBundle bytes) {
        var options = new GraphOptions(Runtime.getRuntime().availableProcessors(), true, GraphOptions.Optimisation.ALL);
        try (var exact = OnnxNextTokenModel.open(floats, COMPARED_ROWS, options);
                var rounded = OnnxNextTokenModel.open(bytes, COMPARED_ROWS, options)) {
            int codes = exact.dimensions().vocabulary();
            var distance = new LogitDistance(codes);
            for (int row = 0; row < COMPARED_ROWS; row++) {
                exact.prefill(row, new Prefix.Entries(codes + row, 1));
                rounded.prefill(row, new Prefix.Entries(codes + row, 1));
            }
            var random = new Random(1);
            int[] cells = new int[COMPARED_ROWS];
            int[] slots = new int[COMPARED_ROWS];
            for (int step = 0; step < COMPARED_STEPS; step++) {
                distance.add(COMPARED_ROWS, exact.logits(), rounded.logits());
                int[] tokens = random.ints(COMPARED_ROWS, 0, codes).toArray();
                Arrays.fill(cells, step);
                Arrays.fill(slots, step + 1);
                exact.step(COMPARED_ROWS, tokens, cells, slots);
                rounded.step(COMPARED_ROWS, tokens, cells, slots);
            }
            return distance;
        }
    }

    private static double measure(Path bundle, int rows) {
        try (var loop = new DecodeLoop(bundle, rows, Runtime.getRuntime().availableProcessors(), Device.CPU)) {
            loop.rowTokensPerSecond(rows);
            return loop.rowTokensPerSecond(rows);
        }
    }
}
