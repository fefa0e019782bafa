package dev.tessera.benchmarks;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.onnx.OnnxNextTokenModel;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.Device;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tessera's side of the decode loop: whole images of a class-conditional model through the generator's own engine,
 * sampling included. One row is one unguided image; more rows are guided images, two rows each.
 */
final class DecodeLoop implements AutoCloseable {
    private static final int TOP_K = 2000;
    private static final float GUIDANCE = 4;

    private final GenerationEngine generator;
    private final int tokens;

    DecodeLoop(Path bundle, int rows, int threads, Device device) {
        var options = new GraphOptions(threads, true, GraphOptions.Optimisation.ALL, device);
        ModelBundle model = ModelBundle.open(bundle);
        this.tokens = model.manifest().grid().tokens();
        this.generator = new GeneratorEngines(model.manifest().name(), rows, Duration.ZERO)
                .nextToken(OnnxNextTokenModel.open(model, rows, options));
    }

    /** Row-tokens a second over one batch of whole images. */
    double rowTokensPerSecond(int rows) {
        long start = System.nanoTime();
        int images = rows == 1 ? 1 : rows / 2;
        List<CompletableFuture<GenerationOutcome>> outcomes = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            outcomes.add(generator.generate(request(image, rows > 1), Unobserved.INSTANCE));
        }
        outcomes.forEach(CompletableFuture::join);
        return rows * tokens / ((System.nanoTime() - start) / 1e9);
    }

    private static GenerationRequest request(int image, boolean guided) {
        return new GenerationRequest(
                new Condition.OfClass(image),
                new Condition.None(),
                new SamplingParameters(guided ? GUIDANCE : 1, 1, TOP_K, 1),
                new ImageRandom(0, image));
    }

    @Override
    public void close() {
        generator.close();
    }
}
