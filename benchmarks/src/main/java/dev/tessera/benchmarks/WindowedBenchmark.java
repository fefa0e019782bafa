package dev.tessera.benchmarks;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Steps;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.onnx.OnnxWindowModel;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * One image of 42 × 64 tokens, which is 1024 × 672 pixels, conditioned on a map, against the published procedure in
 * PyTorch on the same weights: whole windows for every token; then four images of one map. The reference is timed before and after; a cell costs it the
 * same wherever it is, so that one row of cells stands for all.
 *
 * <p>Arguments: size as {@code pytorch/taming.py} names it, bundle, checkpoint, Python, folder of the Python scripts.
 */
public final class WindowedBenchmark {
    private static final int ROWS = 42;
    private static final int COLUMNS = 64;
    private static final int TOP_K = 100;
    private static final int PIXELS = 16;

    /** Enough for all windows that such an image comes back to. */
    private static final int KEPT = 56;

    private WindowedBenchmark() {}

    public static void main(String[] arguments) {
        double before = referenceSecondsPerCell(arguments);
        ModelBundle bundle = ModelBundle.open(Path.of(arguments[1]));
        double own = ownSeconds(bundle, 1);
        double ownOfFour = ownSeconds(bundle, 4) / 4;
        double after = referenceSecondsPerCell(arguments);
        double reference = (before + after) / 2 * ROWS * COLUMNS;
        System.out.printf(
                Locale.ROOT,
                "%s: 42 x 64 tokens: PyTorch %.1f s (%.1f and %.1f ms a cell), Tessera %.1f s, ratio %.1f;"
                        + " each of four images of one map %.1f s, ratio %.1f%n",
                arguments[0],
                reference,
                before * 1000,
                after * 1000,
                own,
                reference / own,
                ownOfFour,
                reference / ownOfFour);
    }

    private static double ownSeconds(ModelBundle bundle, int images) {
        int codes = bundle.manifest().codebook().size();
        var map = new TokenGrid(
                ROWS,
                COLUMNS,
                codes,
                new Random(1).ints((long) ROWS * COLUMNS, 0, codes).toArray());
        var options = new GraphOptions(Runtime.getRuntime().availableProcessors(), true, GraphOptions.Optimisation.ALL);
        try (var generator = new GeneratorEngines(bundle.name(), images, Duration.ZERO)
                .windowed(OnnxWindowModel.open(bundle, images * KEPT, options))) {
            long start = System.nanoTime();
            IntStream.range(0, images)
                    .mapToObj(image -> generator.generate(request(map, image), Unobserved.INSTANCE))
                    .toList()
                    .forEach(CompletableFuture::join);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static GenerationRequest request(TokenGrid map, int image) {
        return new GenerationRequest(
                new Condition.OfMap(map),
                new Condition.None(),
                new SamplingParameters(1, 1, TOP_K, 1),
                new ImageRandom(0, image),
                new Steps.ModelsOwn(),
                new Canvas.Blank(),
                COLUMNS * PIXELS,
                ROWS * PIXELS);
    }

    private static double referenceSecondsPerCell(String[] arguments) {
        return new ReferenceScript(Path.of(arguments[3]), Path.of(arguments[4]).resolve("windowed.py"))
                .run(arguments[0], arguments[2], Integer.toString(COLUMNS))
                .get("seconds_per_cell")
                .asDouble();
    }
}
