package dev.tessera.generator;

import dev.tessera.generator.GeneratorException.Reason;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** One image between its request and its outcome: the tokens it has, and the rows of the batch it sits in. */
final class ImageInFlight {
    private final GenerationRequest request;
    private final Prefixes prefixes;
    private final GenerationObserver observer;
    private final NextTokenDimensions dimensions;
    private final CompletableFuture<GenerationOutcome> outcome = new CompletableFuture<>();
    private final int[] tokens;
    private int tokensDone;
    private long engineNanos;
    private int conditionalRow;
    private int unconditionalRow;

    /** @throws GeneratorException.Unservable when the model cannot serve the request */
    ImageInFlight(GenerationRequest request, GenerationObserver observer, NextTokenDimensions dimensions) {
        this.request = request;
        this.prefixes = Prefixes.of(request, dimensions);
        this.observer = observer;
        this.dimensions = dimensions;
        this.tokens = new int[dimensions.grid().tokens()];
    }

    CompletableFuture<GenerationOutcome> outcome() {
        return outcome;
    }

    Prefixes prefixes() {
        return prefixes;
    }

    boolean guided() {
        return request.sampling().guided();
    }

    /** How many rows of the batch it takes. */
    int rows() {
        return guided() ? 2 : 1;
    }

    /** Without guidance the second row plays no part. */
    void sitIn(int conditional, int unconditional) {
        conditionalRow = conditional;
        unconditionalRow = unconditional;
    }

    void moveRow(int from, int to) {
        if (conditionalRow == from) {
            conditionalRow = to;
            return;
        }
        unconditionalRow = to;
    }

    /** Adds to the image's share of the engine's time. */
    void spend(long nanos) {
        engineNanos += nanos;
    }

    /** The image cell of the token drawn last, which is the next to be fed. */
    int lastCell() {
        return tokensDone - 1;
    }

    int lastToken() {
        return tokens[tokensDone - 1];
    }

    boolean ended() {
        return outcome.isDone();
    }

    /** Draws the next token from its rows' logits; whatever goes wrong is this image's failure alone. */
    void draw(TokenSampler sampler, FloatBuffer logits) {
        try {
            tokens[tokensDone] = drawn(sampler, logits);
        } catch (IllegalArgumentException e) {
            fail(new GeneratorException.Unservable(Reason.LOGITS_INVALID, String.valueOf(e.getMessage()), e));
            return;
        }
        tokensDone++;
        observe(() -> observer.progressed(tokensDone, tokens.length));
        if (tokensDone == tokens.length) {
            complete();
        }
    }

    void stopIfRequested() {
        observe(() -> {
            if (observer.stopRequested()) {
                outcome.complete(new GenerationOutcome.Stopped(tokensDone));
            }
        });
    }

    /** Foreign code, on the thread that all images share. */
    private void observe(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            fail(new GeneratorException(Reason.ENGINE_FAILED, "the observer of an image failed", e));
        }
    }

    private int drawn(TokenSampler sampler, FloatBuffer logits) {
        SamplingParameters sampling = request.sampling();
        double uniform = request.random().uniform(Purpose.TOKEN, tokensDone, 0);
        return guided()
                ? sampler.drawGuided(logits, conditionalRow, unconditionalRow, sampling, uniform)
                : sampler.draw(logits, conditionalRow, sampling, uniform);
    }

    private void complete() {
        Grid grid = dimensions.grid();
        outcome.complete(new GenerationOutcome.Completed(
                new TokenGrid(grid.rows(), grid.columns(), dimensions.vocabulary(), tokens),
                Duration.ofNanos(engineNanos)));
    }

    void fail(GeneratorException reason) {
        outcome.completeExceptionally(reason);
    }

    @Override
    public String toString() {
        return "ImageInFlight[" + tokensDone + " of " + tokens.length + Arrays.asList(conditionalRow, unconditionalRow)
                + "]";
    }
}
