package dev.tessera.generator;

import dev.tessera.generation.BatchedImage;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageProgress;
import dev.tessera.generation.PartialImage;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import dev.tessera.inference.bundle.Grid;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One image between its request and its outcome: the tokens it has, and the rows of the batch it sits in. */
final class ImageInFlight implements BatchedImage {
    private final GenerationRequest request;
    private final Prefixes prefixes;
    private final NextTokenDimensions dimensions;
    private final ImageProgress progress;
    private final KeptTokens kept;
    private final int[] tokens;
    private @Nullable GenerationException failure;
    private int conditionalRow;
    private int unconditionalRow;

    /** @throws GenerationException.Unservable when the model cannot serve the request */
    ImageInFlight(GenerationRequest request, GenerationObserver observer, NextTokenDimensions dimensions) {
        this.request = request;
        this.prefixes = Prefixes.of(request, dimensions);
        this.kept = KeptTokens.of(request.canvas(), dimensions);
        this.dimensions = dimensions;
        PartialImage done = done(request.partial(), dimensions);
        this.tokens = done.ids(dimensions.grid().tokens(), 0);
        this.progress = new ImageProgress(observer, tokens.length, done);
    }

    @Override
    public ImageProgress progress() {
        return progress;
    }

    private static PartialImage done(PartialImage partial, NextTokenDimensions dimensions) {
        int steps = partial.stepsDone();
        return partial.ifOf(dimensions.grid().tokens(), dimensions.vocabulary(), cell -> cell < steps, steps);
    }

    @Override
    public PartialImage partial() {
        int[] ids = tokens.clone();
        Arrays.fill(ids, progress.tokensKnown(), ids.length, PartialImage.OPEN);
        return progress.partial(ids, progress.tokensKnown());
    }

    CompletableFuture<GenerationOutcome> outcome() {
        return progress.outcome();
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

    /** The image cell of the token drawn last, which is the next to be fed. */
    int lastCell() {
        return progress.tokensDone() - 1;
    }

    int lastToken() {
        return tokens[lastCell()];
    }

    boolean ended() {
        return progress.ended();
    }

    /**
     * Draws the next token from its rows' logits, unless it is kept or known; whatever goes wrong is this image's failure
     * alone. Images may draw at the same time.
     */
    void draw(TokenSampler sampler, FloatBuffer logits) {
        if (progress.repeats()) {
            return;
        }
        try {
            int cell = progress.tokensDone();
            tokens[cell] = kept.keeps(cell) ? kept.id(cell) : drawn(sampler, logits);
        } catch (IllegalArgumentException e) {
            failure = new GenerationException.Unservable(Reason.LOGITS_INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    /** Tells of the token that was drawn, or of what came in between. */
    void finishToken() {
        if (failure != null) {
            progress.fail(failure);
            return;
        }
        progress.advance(1);
        if (progress.whole()) {
            Grid grid = dimensions.grid();
            progress.complete(new TokenGrid(grid.rows(), grid.columns(), dimensions.vocabulary(), tokens));
        }
    }

    private int drawn(TokenSampler sampler, FloatBuffer logits) {
        SamplingParameters sampling = request.sampling();
        double uniform = request.random().uniform(Purpose.TOKEN, progress.tokensDone(), 0);
        return guided()
                ? sampler.drawGuided(logits, conditionalRow, unconditionalRow, sampling, uniform)
                : sampler.draw(logits, conditionalRow, sampling, uniform);
    }

    @Override
    public String toString() {
        return "ImageInFlight[" + progress.tokensDone() + " of " + tokens.length
                + Arrays.asList(conditionalRow, unconditionalRow) + "]";
    }
}
