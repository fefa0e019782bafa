package dev.tessera.cli.render;

import dev.tessera.decoder.ImagePainter;
import dev.tessera.decoder.onnx.OnnxImageDecoder;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.onnx.OnnxNextScaleModel;
import dev.tessera.generator.onnx.OnnxNextTokenModel;
import dev.tessera.generator.onnx.OnnxWindowModel;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest.ClassConditioning;
import dev.tessera.inference.bundle.BundleManifest.MapConditioning;
import dev.tessera.inference.bundle.BundleManifest.MaskedTransformer;
import dev.tessera.inference.bundle.BundleManifest.NextScaleTransformer;
import dev.tessera.inference.bundle.BundleManifest.NextTokenTransformer;
import dev.tessera.inference.bundle.BundleManifest.NoConditioning;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import dev.tessera.inference.bundle.BundleManifest.WindowedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.tokenizer.ClassConditioner;
import dev.tessera.tokenizer.NoConditioner;
import dev.tessera.tokenizer.TextConditioner;
import dev.tessera.tokenizer.onnx.OnnxTextEncoder;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Makes a picture of one bundle: tokenizer, generator and decoder in turn, each opened for this picture alone. */
public final class Renderer {
    /** Of the cache: one for the picture, one for its guidance. */
    private static final int ROWS = 2;

    /** What a picture larger than the window may take to remember windows that it comes back to: 1 GiB. */
    private static final long WINDOW_MEMORY = 1L << 30;

    private static final int MOST_WINDOWS = 128;

    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final ModelBundle bundle;
    private final GraphOptions options = GraphOptions.defaults();

    public Renderer(ModelBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * The same request gives the same bytes.
     *
     * @param observer hears each token; a rendering cannot be stopped
     * @throws RenderException when the request is not one that the model can serve
     */
    public Rendering render(RenderRequest request, TokenObserver observer) {
        try {
            Job job = request.job(bundle);
            TokenGrid tokens = generate(condition(job, request), observer);
            return new Rendering(tokens, paint(job, tokens));
        } catch (CompletionException e) {
            throw RenderException.of(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            throw RenderException.of(e);
        }
    }

    /** Hears how many of the tokens are there. */
    @FunctionalInterface
    public interface TokenObserver {
        void progressed(int tokensDone, int tokensTotal);
    }

    private ImageConditioned condition(Job job, RenderRequest request) {
        return switch (bundle.manifest().conditioning()) {
            case ClassConditioning classes -> new ClassConditioner(classes.classes()).condition(job);
            case TextConditioning text -> {
                try (OnnxTextEncoder encoder = OnnxTextEncoder.open(bundle, text, options)) {
                    yield TextConditioner.of(text, encoder).condition(job);
                }
            }
            case NoConditioning none -> new NoConditioner().condition(job);
            case MapConditioning map -> request.conditionedOnMap(job, map);
        };
    }

    private TokenGrid generate(ImageConditioned work, TokenObserver observer) {
        GenerationRequest request = GenerationRequest.of(work);
        try (GenerationEngine generator = engine()) {
            GenerationOutcome outcome =
                    generator.generate(request, observed(observer)).join();
            return switch (outcome) {
                case GenerationOutcome.Completed completed -> completed.tokens();
                case GenerationOutcome.Stopped stopped ->
                    throw new IllegalStateException("stopped after " + stopped.tokensDone() + " tokens");
            };
        }
    }

    private GenerationEngine engine() {
        var engines = new GeneratorEngines(bundle.name(), 1, DRAIN);
        return switch (bundle.manifest().generator()) {
            case NextTokenTransformer network -> engines.nextToken(OnnxNextTokenModel.open(bundle, ROWS, options));
            case NextScaleTransformer network -> engines.nextScale(OnnxNextScaleModel.open(bundle, ROWS, options));
            case MaskedTransformer network -> engines.masked(OnnxMaskedModel.open(bundle, ROWS, options));
            case WindowedTransformer network ->
                engines.windowed(OnnxWindowModel.open(bundle, windows(network), options));
        };
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

    private byte[] paint(Job job, TokenGrid tokens) {
        try (OnnxImageDecoder decoder = OnnxImageDecoder.open(bundle, options)) {
            return new ImagePainter(decoder).paint(job, 0, tokens);
        }
    }
}
