package dev.tessera.cli.render;

import dev.tessera.cli.render.Renderer.TokenObserver;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.masked.MaskedEngine;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.onnx.OnnxNextScaleModel;
import dev.tessera.generator.onnx.OnnxNextTokenModel;
import dev.tessera.generator.onnx.OnnxWindowModel;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.ImageConditioned;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The stages of a bundle that make tokens: the generator, and super-resolution where there is one. */
final class TokenStages {
    /** Of the cache: one for the picture, one for its guidance. */
    private static final int ROWS = 2;

    /** What a picture larger than the window may take to remember windows that it comes back to: 1 GiB. */
    private static final long WINDOW_MEMORY = 1L << 30;

    private static final int MOST_WINDOWS = 128;

    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final ModelBundle bundle;
    private final GraphOptions options;

    TokenStages(ModelBundle bundle, GraphOptions options) {
        this.bundle = bundle;
        this.options = options;
    }

    /**
     * What the decoder takes.
     *
     * @param observer hears the tokens of both stages as those of one
     */
    Drawing make(ImageConditioned work, TokenObserver observer) {
        Optional<SuperResolution> finer = bundle.manifest().superres();
        int more = finer.map(stage -> stage.grid().tokens()).orElse(0);
        var drawn = new AtomicInteger();
        Drawing base = run(generator(), GenerationRequest.of(work), (done, total) -> {
            drawn.set(total);
            observer.progressed(done, total + more);
        });
        return finer.map(stage -> upscaled(
                        stage,
                        work,
                        base.tokens(),
                        (done, total) -> observer.progressed(drawn.get() + done, drawn.get() + total)))
                .orElse(base);
    }

    private Drawing upscaled(SuperResolution stage, ImageConditioned work, TokenGrid base, TokenObserver observer) {
        GenerationRequest request = GenerationRequest.upscaling(
                stage, work.getJob(), work.getImageIndex(), base, work.getConditioning(), work.getUnconditional());
        return run(superResolution(), request, observer);
    }

    private static Drawing run(GenerationEngine opened, GenerationRequest request, TokenObserver observer) {
        try (GenerationEngine engine = opened) {
            GenerationOutcome outcome =
                    engine.generate(request, observed(observer)).join();
            return switch (outcome) {
                case GenerationOutcome.Completed completed -> completed.drawing();
                case GenerationOutcome.Stopped stopped ->
                    throw new IllegalStateException("stopped after " + stopped.tokensDone() + " tokens");
                case GenerationOutcome.Unfinished unfinished ->
                    throw new IllegalStateException("left with " + unfinished.done());
            };
        }
    }

    private GenerationEngine generator() {
        var engines = new GeneratorEngines(bundle.name(), 1, DRAIN);
        return switch (bundle.manifest().generator()) {
            case NextTokenTransformer network -> engines.nextToken(OnnxNextTokenModel.open(bundle, ROWS, options));
            case NextScaleTransformer network -> engines.nextScale(OnnxNextScaleModel.open(bundle, ROWS, options));
            case MaskedTransformer network -> engines.masked(OnnxMaskedModel.open(bundle, ROWS, options));
            case WindowedTransformer network ->
                engines.windowed(OnnxWindowModel.open(bundle, windows(network), options));
        };
    }

    private GenerationEngine superResolution() {
        var model = OnnxMaskedModel.openSuperResolution(bundle, ROWS, options);
        return MaskedEngine.of(Stage.SUPERRES, bundle.name(), model, 1, DRAIN);
    }

    /** As many windows as are worth remembering, within reason. */
    private static int windows(WindowedTransformer network) {
        long affordable = WINDOW_MEMORY / OnnxWindowModel.bytesPerRow(network);
        return (int) Math.clamp(affordable, ROWS, MOST_WINDOWS);
    }

    private static GenerationObserver observed(TokenObserver observer) {
        return new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                observer.progressed(tokensDone, tokensTotal);
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
    }
}
