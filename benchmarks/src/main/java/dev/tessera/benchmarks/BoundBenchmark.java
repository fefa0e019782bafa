package dev.tessera.benchmarks;

import dev.tessera.inference.onnx.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The decode loop on the processor by both ways to it: tensors pinned by ONNX Runtime's Java interface, and memory bound by its C
 * interface, as for a device. The two take turns.
 *
 * <p>Argument: a class-conditional bundle.
 */
public final class BoundBenchmark {
    private static final List<Integer> ROWS = List.of(1, 8);

    private BoundBenchmark() {}

    public static void main(String[] arguments) {
        Path bundle = Path.of(arguments[0]);
        System.out.println("Row-tokens a second, fp32; sampling included; ratio of bound to pinned.");
        System.out.println("| rows | pinned | bound | ratio |");
        System.out.println("|---|---|---|---|");
        for (int rows : ROWS) {
            compare(bundle, rows);
        }
    }

    private static void compare(Path bundle, int rows) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (var first = new DecodeLoop(bundle, rows, threads, Device.CPU);
                var second = new DecodeLoop(bundle, rows, threads, Device.CPU_BOUND)) {
            first.rowTokensPerSecond(rows);
            second.rowTokensPerSecond(rows);
            var pinned = new Side<>(() -> first.rowTokensPerSecond(rows));
            var bound = new Side<>(() -> second.rowTokensPerSecond(rows));
            Side.takeTurns(pinned, bound);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.0f | %.0f | %.2f |%n",
                    rows,
                    Median.of(pinned),
                    Median.of(bound),
                    Median.of(bound) / Median.of(pinned));
        }
    }
}
