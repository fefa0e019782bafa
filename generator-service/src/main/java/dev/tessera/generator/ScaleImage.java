package dev.tessera.generator;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageProgress;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Samplers;
import dev.tessera.generation.SeatedImage;
import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** One image of a next-scale model in the making: the tokens of the scales it has, and the rows it sits in. */
final class ScaleImage implements SeatedImage {
    private final GenerationRequest request;
    private final NextScaleDimensions dimensions;
    private final ScaleGuidance guidance;
    private final ImageProgress progress;
    private final KeptTokens kept;
    private final ScaleCells cells;
    private final PartialImage done;
    private final int classId;
    private final int unconditionalClass;
    private final int[] tokens;
    private int scale;
    private int row;

    /** @throws GenerationException.Unservable when the model cannot serve the request */
    ScaleImage(
            GenerationRequest request, GenerationObserver observer, NextScaleDimensions dimensions, CodeVectors codes) {
        if (request.condition() instanceof Condition.None && request.canvas() instanceof Canvas.Blank) {
            throw mismatch("conditioning is missing");
        }
        this.request = request;
        this.dimensions = dimensions;
        this.classId = classOf("conditioning", request.condition(), dimensions.classes());
        this.unconditionalClass = classOf("unconditional", request.unconditional(), dimensions.classes());
        this.kept = KeptTokens.of(request.canvas(), dimensions);
        this.cells = ScaleCells.of(request, dimensions, codes);
        this.guidance = new ScaleGuidance(request.sampling(), dimensions.scales());
        this.done = done(request.partial(), dimensions);
        this.tokens = done.ids(dimensions.tokensPerImage(), 0);
        this.progress = new ImageProgress(observer, tokens.length, done);
    }

    private static PartialImage done(PartialImage partial, NextScaleDimensions dimensions) {
        int scales = Math.clamp(partial.stepsDone(), 0, dimensions.scales());
        int tokens = dimensions.firstToken(scales);
        return partial.ifOf(dimensions.tokensPerImage(), dimensions.vocabulary(), token -> token < tokens, tokens);
    }

    @Override
    public PartialImage partial() {
        int[] ids = tokens.clone();
        Arrays.fill(ids, progress.tokensKnown(), ids.length, PartialImage.OPEN);
        return progress.partial(ids, Math.max(scale, done.stepsDone()));
    }

    private static int classOf(String field, Condition condition, int classes) {
        return switch (condition) {
            case Condition.OfClass one when one.classId() < classes -> one.classId();
            case Condition.OfClass one ->
                throw mismatch(field + ": class_id is " + one.classId() + ", the model has " + classes + " classes");
            case Condition.OfText text -> throw mismatch(field + ": the model takes a class, not text");
            case Condition.OfBaseGrid fine -> throw mismatch(field + ": the model takes a class, not a base grid");
            case Condition.OfMap map -> throw mismatch(field + ": the model takes a class, not a map");
            case Condition.None none -> classes;
        };
    }

    private static GenerationException mismatch(String message) {
        return new GenerationException.Unservable(Reason.CONDITIONING_MISMATCH, message);
    }

    @Override
    public ImageProgress progress() {
        return progress;
    }

    @Override
    public int rows() {
        return guidance.guided() ? 2 : 1;
    }

    @Override
    public int row() {
        return row;
    }

    @Override
    public void sitIn(int firstRow) {
        row = firstRow;
    }

    /** The scale to draw next. */
    int scale() {
        return scale;
    }

    int classId() {
        return classId;
    }

    int unconditionalClass() {
        return unconditionalClass;
    }

    /**
     * Draws all tokens of its scale that are not kept, unless they are known and say all; whatever goes wrong is this
     * image's failure alone.
     *
     * @param logits [rows, tokens of the scale, vocabulary]
     * @param place which of these rows is its first
     */
    void draw(Samplers samplers, FloatBuffer logits, int place) {
        if (progress.repeats() && cells.areKnownByTokens()) {
            return;
        }
        SamplingParameters sampling = guidance.at(scale);
        int count = dimensions.tokens(scale);
        int first = dimensions.firstToken(scale);
        try {
            samplers.draw(count, (sampler, cell) -> {
                int token = first + cell;
                if (kept.keeps(token)) {
                    tokens[token] = kept.id(token);
                    cells.keep(token, kept.id(token));
                    return;
                }
                double uniform = request.random().uniform(Purpose.TOKEN, token, 0);
                int conditional = place * count + cell;
                int drawn = sampling.guided()
                        ? sampler.drawGuided(logits, conditional, conditional + count, sampling, uniform)
                        : sampler.draw(logits, conditional, sampling, uniform);
                tokens[token] = cells.draw(sampler, scale, token, drawn);
            });
        } catch (IllegalArgumentException e) {
            progress.fail(new GenerationException.Unservable(Reason.LOGITS_INVALID, String.valueOf(e.getMessage()), e));
        }
    }

    /** Puts its scale into its row's picture, unless drawing failed. */
    void refine(NextScaleModel model) {
        if (!progress.ended()) {
            int[] own = Arrays.copyOfRange(tokens, dimensions.firstToken(scale), dimensions.firstToken(scale + 1));
            cells.refine(model, row, scale, own);
        }
    }

    /** The scale is drawn and paid for, unless drawing failed. */
    void finishScale() {
        if (progress.ended()) {
            return;
        }
        progress.advance(dimensions.tokens(scale));
        scale++;
        if (progress.whole()) {
            progress.complete(cells.whole(TokenGrid.ofScales(dimensions.sides(), dimensions.vocabulary(), tokens)));
        }
    }

    @Override
    public String toString() {
        return "ScaleImage[at scale " + scale + " in row " + row + "]";
    }
}
