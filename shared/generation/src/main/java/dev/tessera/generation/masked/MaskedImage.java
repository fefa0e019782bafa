package dev.tessera.generation.masked;

import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageProgress;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Samplers;
import dev.tessera.generation.SeatedImage;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** One image of a masked model in the making: its tokens so far, the step it is at, and the rows it sits in. */
final class MaskedImage implements SeatedImage {
    private final GenerationRequest request;
    private final MaskedDimensions dimensions;
    private final RowConditions conditions;
    private final UnmaskingPlan plan;
    private final ImageProgress progress;
    private final Remasking remasking;
    private final int[] tokens;
    private int step;
    private int row;

    /** @throws GenerationException.Unservable when the model cannot serve the request */
    MaskedImage(GenerationRequest request, GenerationObserver observer, MaskedDimensions dimensions) {
        this.request = request;
        this.dimensions = dimensions;
        this.plan = UnmaskingPlan.of(request, dimensions.unmasking());
        this.conditions = RowConditions.of(request, plan.guided(), dimensions);
        OpenGrid grid = OpenGrid.of(request.canvas(), plan, request.random(), dimensions);
        this.remasking = Remasking.of(request.canvas(), plan, grid, request.random(), dimensions);
        PartialImage done = done(request.partial(), grid, dimensions);
        this.step = done.isNone() ? grid.firstStep() : done.stepsDone();
        this.tokens = done.isNone() ? grid.tokens() : done.ids(dimensions.cells(), dimensions.maskToken());
        this.progress = new ImageProgress(observer, remasking.tokensTotal(), done);
        progress.skipKnown();
    }

    private PartialImage done(PartialImage partial, OpenGrid grid, MaskedDimensions dimensions) {
        if (partial.stepsDone() < grid.firstStep() || partial.stepsDone() >= plan.steps()) {
            return PartialImage.none();
        }
        int tokens = remasking.tokensDone(partial.stepsDone(), dimensions.cells() - partial.drawn());
        PartialImage done = partial.ifOf(dimensions.cells(), dimensions.vocabulary(), partial::isDrawn, tokens);
        return done.isNone() || remasking.leaves(done) ? done : PartialImage.none();
    }

    @Override
    public PartialImage partial() {
        int[] ids = tokens.clone();
        Arrays.setAll(ids, cell -> ids[cell] == dimensions.maskToken() ? PartialImage.OPEN : ids[cell]);
        return progress.partial(ids, step);
    }

    @Override
    public ImageProgress progress() {
        return progress;
    }

    RowConditions conditions() {
        return conditions;
    }

    @Override
    public int rows() {
        return conditions.rows();
    }

    @Override
    public int row() {
        return row;
    }

    @Override
    public void sitIn(int firstRow) {
        row = firstRow;
    }

    /** Of all cells; open ones hold the mask token. */
    int[] tokens() {
        return tokens;
    }

    /** The cells that still hold the mask token, in order. */
    int[] openCells() {
        return IntStream.range(0, tokens.length)
                .filter(cell -> tokens[cell] == dimensions.maskToken())
                .toArray();
    }

    /**
     * Draws a token for each open cell and masks what the next step is to draw; whatever goes wrong is this image's failure
     * alone.
     *
     * @param logits of its open cells, then of the same cells in the row that guidance leads away from
     * @param first where they begin, in rows of the vocabulary
     */
    void unmask(Samplers samplers, FloatBuffer logits, int first) {
        int[] open = openCells();
        float[] confidences = new float[open.length];
        try {
            samplers.draw(open.length, (sampler, i) -> {
                draw(sampler, logits, first + i, open.length, open[i]);
                confidences[i] = confidence(sampler, open[i]);
            });
        } catch (IllegalArgumentException e) {
            progress.fail(new GenerationException.Unservable(Reason.LOGITS_INVALID, String.valueOf(e.getMessage()), e));
            return;
        }
        if (!plan.last(step)) {
            for (int cell : remasking.after(step, open, confidences)) {
                tokens[cell] = dimensions.maskToken();
            }
        }
    }

    private void draw(TokenSampler sampler, FloatBuffer logits, int conditional, int apart, int cell) {
        SamplingParameters sampling = plan.draw(step);
        double uniform = request.random().uniform(Purpose.TOKEN, cell, step);
        tokens[cell] = plan.guided()
                ? sampler.drawGuided(logits, conditional, conditional + apart, sampling, uniform)
                : sampler.draw(logits, conditional, sampling, uniform);
    }

    /** ln p + τ · Gumbel(0, 1). */
    private float confidence(TokenSampler sampler, int cell) {
        float certainty = sampler.logProbability(tokens[cell]);
        float temperature = plan.temperature(step);
        if (temperature == 0) {
            return certainty;
        }
        return certainty + temperature * (float) request.random().gumbel(Purpose.CONFIDENCE, cell, step);
    }

    /** The step is done and paid for, unless drawing failed. */
    void finishStep() {
        if (progress.ended()) {
            return;
        }
        step++;
        progress.advance(remasking.tokensDone(step, openCells().length) - progress.tokensDone());
        if (step == plan.steps()) {
            complete();
        }
    }

    /** Where nothing was open, there is nothing to draw. */
    void complete() {
        progress.complete(
                new TokenGrid(dimensions.grid().rows(), dimensions.grid().columns(), dimensions.vocabulary(), tokens));
    }

    @Override
    public String toString() {
        return "MaskedImage[at step " + step + " of " + plan.steps() + " in row " + row + "]";
    }
}
