package dev.tessera.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.decoder.onnx.OnnxImageDecoder;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.NextScaleDimensions;
import dev.tessera.generator.onnx.OnnxNextScaleModel;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.tokenizer.onnx.OnnxPictureEncoder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One guided image of VAR-d16, all its scales, then its picture, and a picture's tokens, against the published algorithm in
 * PyTorch on the same weights, in one run: they take turns.
 *
 * <p>Arguments: bundle, the same in eight bits, folder of the checkpoint, Python, folder of the Python scripts.
 */
public final class VarBenchmark {
    private static final int REPETITIONS = 2;
    private static final int THREADS = 2;
    private static final SamplingParameters SAMPLING = new SamplingParameters(4, 1, 900, 0.95f);

    private static final int LABEL = 7;
    private static final GraphOptions OPTIONS = new GraphOptions(THREADS, true, GraphOptions.Optimisation.ALL);

    private final ModelBundle bundle;

    private VarBenchmark(ModelBundle bundle) {
        this.bundle = bundle;
    }

    public static void main(String[] arguments) {
        var reference =
                new ReferenceScript(Path.of(arguments[3]), Path.of(arguments[4]).resolve("var.py"));
        var own = new VarBenchmark(ModelBundle.open(Path.of(arguments[0])));
        var bytes = new VarBenchmark(ModelBundle.open(Path.of(arguments[1])));
        var theirs = new Side<>(() -> reference.run("time", arguments[2], Integer.toString(REPETITIONS)));
        var scales = new Side<>(own::scales);
        var decoder = new Side<>(own::decoder);
        var encoder = new Side<>(own::encoder);
        var rounded = new Side<>(bytes::scales);
        Side.takeTurns(theirs, scales, decoder, encoder, rounded);
        System.out.println("Seconds, " + THREADS + " threads; PyTorch in fp32.");
        System.out.println("| | PyTorch | Tessera | ratio |");
        System.out.println("|---|---|---|---|");
        print("scales", theirs, scales);
        print("decoder", theirs, decoder);
        print("encoder", theirs, encoder);
        System.out.printf(
                Locale.ROOT,
                "| scales, int8 | | %.2f | %.2f |%n",
                Median.of(rounded),
                seconds(theirs, "scales") / Median.of(rounded));
        System.out.println(distance(own.bundle, bytes.bundle));
    }

    private static void print(String part, Side<JsonNode> theirs, Side<Double> own) {
        double reference = seconds(theirs, part);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f |%n",
                part,
                reference,
                Median.of(own),
                reference / Median.of(own));
    }

    private static double seconds(Side<JsonNode> reference, String part) {
        return reference.median(parts -> Median.of(parts.get(part)));
    }

    /** Both draw what fp32 finds likeliest. */
    private static LogitDistance distance(ModelBundle floats, ModelBundle bytes) {
        try (var exact = OnnxNextScaleModel.open(floats, 2, OPTIONS);
                var rounded = OnnxNextScaleModel.open(bytes, 2, OPTIONS)) {
            NextScaleDimensions sizes = exact.dimensions();
            var distance = new LogitDistance(sizes.vocabulary());
            for (var model : List.of(exact, rounded)) {
                model.begin(0, LABEL);
                model.accompany(1, sizes.classes());
            }
            for (int scale = 0; scale < sizes.scales(); scale++) {
                FloatBuffer logits = exact.advance(scale, 0, 2);
                distance.add(2 * sizes.tokens(scale), logits, rounded.advance(scale, 0, 2));
                int[] tokens = likeliest(logits, sizes.tokens(scale), sizes.vocabulary());
                exact.refine(0, scale, tokens);
                rounded.refine(0, scale, tokens);
            }
            return distance;
        }
    }

    private static int[] likeliest(FloatBuffer logits, int count, int vocabulary) {
        int[] tokens = new int[count];
        for (int cell = 0; cell < count; cell++) {
            for (int code = 1; code < vocabulary; code++) {
                if (logits.get(cell * vocabulary + code) > logits.get(cell * vocabulary + tokens[cell])) {
                    tokens[cell] = code;
                }
            }
        }
        return tokens;
    }

    private double scales() {
        try (var generator = new GeneratorEngines(bundle.name(), 1, Duration.ZERO)
                .nextScale(OnnxNextScaleModel.open(bundle, 2, OPTIONS))) {
            var request = new GenerationRequest(
                    new Condition.OfClass(LABEL), new Condition.None(), SAMPLING, new ImageRandom(1, 0));
            return Median.ofSeconds(REPETITIONS, () -> {
                GenerationOutcome outcome =
                        generator.generate(request, Unobserved.INSTANCE).join();
                if (!(outcome instanceof GenerationOutcome.Completed)) {
                    throw new IllegalStateException("the image was not made: " + outcome);
                }
            });
        }
    }

    private double decoder() {
        int codes = bundle.manifest().codebook().size();
        int[] ids =
                new Random(1).ints(bundle.manifest().tokensPerImage(), 0, codes).toArray();
        try (var decoder = OnnxImageDecoder.open(bundle, OPTIONS)) {
            var drawing = new Drawing.OfTokens(TokenGrid.ofScales(scaleSides(), codes, ids));
            return Median.ofSeconds(REPETITIONS, () -> decoder.decode(drawing));
        }
    }

    private List<Integer> scaleSides() {
        return ((NextScaleTransformer) bundle.manifest().generator()).scales();
    }

    private double encoder() {
        ImageSize size = bundle.manifest().image();
        byte[] rgb = new byte[size.width() * size.height() * 3];
        new Random(1).nextBytes(rgb);
        try (var encoder = OnnxPictureEncoder.open(bundle, OPTIONS)) {
            return Median.ofSeconds(REPETITIONS, () -> encoder.encode(size, rgb));
        }
    }
}
