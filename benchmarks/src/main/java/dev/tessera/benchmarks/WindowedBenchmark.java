package dev.tessera.benchmarks;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Steps;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.SequencePart;
import dev.tessera.generator.WindowDimensions;
import dev.tessera.generator.onnx.OnnxWindowModel;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * One image of 42 × 64 tokens, which is 1024 × 672 pixels, conditioned on a map or a class, against the published procedure
 * in PyTorch on the same weights: whole windows for every token; then several images of one condition. The reference is
 * timed before and after; a cell costs it the same wherever it is, so that one row of cells stands for all.
 *
 * <p>Arguments: size as {@code pytorch/taming.py} names it, bundle, the same in eight bits, checkpoint, Python, folder of the
 * Python scripts, number of images of one condition.
 */
public final class WindowedBenchmark {
    private static final int ROWS = 42;
    private static final int COLUMNS = 64;
    private static final int TOP_K = 100;
    private static final int PIXELS = 16;
    private static final int COMPARED = 64;

    /** Enough for all windows that such an image comes back to. */
    private static final int KEPT = 56;

    private WindowedBenchmark() {}

    public static void main(String[] arguments) {
        ModelBundle floats = ModelBundle.open(Path.of(arguments[1]));
        ModelBundle bytes = ModelBundle.open(Path.of(arguments[2]));
        int together = Integer.parseInt(arguments[6]);
        double before = referenceSecondsPerCell(arguments);
        Timing exact = timing(floats, together);
        Timing rounded = timing(bytes, together);
        double after = referenceSecondsPerCell(arguments);
        double reference = (before + after) / 2 * ROWS * COLUMNS;
        System.out.printf(
                Locale.ROOT,
                "%s: 42 x 64 tokens: PyTorch, fp32, %.1f s (%.1f and %.1f ms a cell)%n",
                arguments[0],
                reference,
                before * 1000,
                after * 1000);
        exact.print("fp32", reference);
        rounded.print("int8", reference);
        System.out.println(distance(floats, bytes));
    }

    private static Timing timing(ModelBundle bundle, int together) {
        return new Timing(ownSeconds(bundle, 1), together, ownSeconds(bundle, together) / together);
    }

    /**
     * Seconds.
     *
     * @param one image alone
     * @param together number of images of one condition
     * @param each of these
     */
    private record Timing(double one, int together, double each) {
        void print(String precision, double reference) {
            System.out.printf(
                    Locale.ROOT,
                    "  %s: %.1f s, ratio %.1f; each of %d images of one condition %.1f s, ratio %.1f%n",
                    precision,
                    one,
                    reference / one,
                    together,
                    each,
                    reference / each);
        }
    }

    /** Whole windows of random tokens. */
    private static LogitDistance distance(ModelBundle floats, ModelBundle bytes) {
        try (var exact = OnnxWindowModel.open(floats, 1, options());
                var rounded = OnnxWindowModel.open(bytes, 1, options())) {
            WindowDimensions sizes = exact.dimensions();
            int tokens = sizes.prefixTokens() + sizes.window() * sizes.window() - 1;
            var random = new Random(1);
            var distance = new LogitDistance(sizes.vocabulary());
            for (int i = 0; i < COMPARED; i++) {
                int[] ids = random.ints(tokens, 0, sizes.vocabulary()).toArray();
                var sequence = List.of(new SequencePart(0, ids));
                distance.add(1, exact.run(0, List.of(), sequence), rounded.run(0, List.of(), sequence));
            }
            return distance;
        }
    }

    private static GraphOptions options() {
        return new GraphOptions(Runtime.getRuntime().availableProcessors(), true, GraphOptions.Optimisation.ALL);
    }

    private static Condition condition(ModelBundle bundle) {
        if (!(bundle.manifest().conditioning() instanceof MapConditioning)) {
            return new Condition.OfClass(1);
        }
        int codes = bundle.manifest().codebook().size();
        return new Condition.OfMap(new TokenGrid(
                ROWS,
                COLUMNS,
                codes,
                new Random(1).ints((long) ROWS * COLUMNS, 0, codes).toArray()));
    }

    private static double ownSeconds(ModelBundle bundle, int images) {
        Condition condition = condition(bundle);
        try (var generator = new GeneratorEngines(bundle.name(), images, Duration.ZERO)
                .windowed(OnnxWindowModel.open(bundle, images * KEPT, options()))) {
            long start = System.nanoTime();
            IntStream.range(0, images)
                    .mapToObj(image -> generator.generate(request(condition, image), Unobserved.INSTANCE))
                    .toList()
                    .forEach(CompletableFuture::join);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static GenerationRequest request(Condition condition, int image) {
        return new GenerationRequest(
                condition,
                new Condition.None(),
                new SamplingParameters(1, 1, TOP_K, 1),
                new ImageRandom(0, image),
                new Steps.ModelsOwn(),
                new Canvas.Blank(),
                COLUMNS * PIXELS,
                ROWS * PIXELS);
    }

    private static double referenceSecondsPerCell(String[] arguments) {
        return new ReferenceScript(Path.of(arguments[4]), Path.of(arguments[5]).resolve("windowed.py"))
                .run(arguments[0], arguments[3], Integer.toString(COLUMNS))
                .get("seconds_per_cell")
                .asDouble();
    }
}
