package dev.tessera.benchmarks;

import dev.tessera.inference.onnx.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The decode loop against the authors' algorithm in PyTorch, on the same weights, in one run: the two take turns, so
 * that what else the machine does hits both.
 *
 * <p>Arguments: bundle, checkpoint, Python, folder of the Python scripts.
 */
public final class DecodeBenchmark {
    private static final List<Integer> ROWS = List.of(1, 8, 32);
    private static final int ROUNDS = 3;
    private static final int REFERENCE_STEPS = 32;

    private DecodeBenchmark() {}

    public static void main(String[] arguments) {
        Path bundle = Path.of(arguments[0]);
        var reference = new ReferenceLoop(Path.of(arguments[2]), Path.of(arguments[3]), Path.of(arguments[1]));
        System.out.println(
                "Row-tokens a second, fp32; ratios to PyTorch's loop as published, and with its fused attention.");
        System.out.println("| rows | PyTorch | PyTorch, fused | Tessera | ratio | ratio, fused |");
        System.out.println("|---|---|---|---|---|---|");
        for (int rows : ROWS) {
            compare(bundle, reference, rows);
        }
    }

    private static void compare(Path bundle, ReferenceLoop reference, int rows) {
        double[] published = new double[ROUNDS];
        double[] fused = new double[ROUNDS];
        double[] own = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            published[round] = reference.rowTokensPerSecond(rows, REFERENCE_STEPS, false);
            own[round] = measure(bundle, rows);
            fused[round] = reference.rowTokensPerSecond(rows, REFERENCE_STEPS, true);
        }
        System.out.printf(
                Locale.ROOT,
                "| %d | %.0f | %.0f | %.0f | %.1f | %.1f |%n",
                rows,
                Median.of(published),
                Median.of(fused),
                Median.of(own),
                Median.of(own) / Median.of(published),
                Median.of(own) / Median.of(fused));
    }

    private static double measure(Path bundle, int rows) {
        try (var loop = new DecodeLoop(bundle, rows, Runtime.getRuntime().availableProcessors(), Device.CPU)) {
            loop.rowTokensPerSecond(rows);
            return loop.rowTokensPerSecond(rows);
        }
    }
}
