package dev.tessera.generation.masked;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.TokenGrid;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The grid that a masked image begins with: tokens that are given and stay, and open cells. Immutable.
 */
final class OpenGrid {
    private final int[] tokens;
    private final int open;
    private final int firstStep;
    private final float start;

    private OpenGrid(int[] tokens, int open, int firstStep, float start) {
        this.tokens = tokens;
        this.open = open;
        this.firstStep = firstStep;
        this.start = start;
    }

    /**
     * With a mask the masked cells are open, all steps are run, and the schedule starts from their share of the grid; by
     * strength s the last s of the steps are run, over tokens of which as many are open as the steps before them would
     * have left, chosen at random. Strength 1 is a blank grid. Of a picture that is resampled the first step's cells are open. Source: aMUSEd, {@code pipeline_amused_inpaint.py},
     * {@code pipeline_amused_img2img.py}, whose share is that of a whole batch and whose strength 1 opens nothing.
     *
     * @throws GenerationException.Unservable when the canvas is not of the model
     */
    static OpenGrid of(Canvas canvas, UnmaskingPlan plan, ImageRandom random, MaskedDimensions model) {
        return switch (canvas) {
            case Canvas.Blank blank -> blank(model);
            case Canvas.Masked masked -> masked(masked, model);
            case Canvas.Varied varied -> varied(varied, plan, random, model);
            case Canvas.Resampled resampled -> {
                RandomCells opened = RandomCells.of(resampled.resampling(), random, model);
                yield new OpenGrid(opened(resampled.tokens(), opened.at(0)::contains, model), opened.each(), 0, 1);
            }
        };
    }

    private static OpenGrid blank(MaskedDimensions model) {
        int[] tokens = new int[model.cells()];
        Arrays.fill(tokens, model.maskToken());
        return new OpenGrid(tokens, tokens.length, 0, 1);
    }

    private static OpenGrid masked(Canvas.Masked canvas, MaskedDimensions model) {
        int[] tokens = opened(canvas.tokens(), canvas.redrawn()::isRedrawn, model);
        int open = count(tokens, model);
        return new OpenGrid(tokens, open, 0, (float) open / tokens.length);
    }

    private static OpenGrid varied(
            Canvas.Varied canvas, UnmaskingPlan plan, ImageRandom random, MaskedDimensions model) {
        int steps = Math.max(1, (int) (plan.steps() * canvas.strength()));
        int firstStep = plan.steps() - steps;
        if (firstStep == 0) {
            requireOfModel(canvas.tokens(), model);
            return blank(model);
        }
        float share = plan.share(firstStep - 1);
        int[] tokens = opened(canvas.tokens(), cell -> random.uniform(Purpose.OPENING, cell, 0) < share, model);
        return new OpenGrid(tokens, count(tokens, model), firstStep, 1);
    }

    private static int[] opened(TokenGrid given, IntPredicate open, MaskedDimensions model) {
        requireOfModel(given, model);
        int[] tokens = given.ids();
        for (int cell = 0; cell < tokens.length; cell++) {
            tokens[cell] = open.test(cell) ? model.maskToken() : tokens[cell];
        }
        return tokens;
    }

    private static int count(int[] tokens, MaskedDimensions model) {
        return (int) Arrays.stream(tokens)
                .filter(token -> token == model.maskToken())
                .count();
    }

    private static void requireOfModel(TokenGrid tokens, MaskedDimensions model) {
        if (tokens.rows() != model.grid().rows()
                || tokens.columns() != model.grid().columns()
                || !tokens.scales().isEmpty()
                || tokens.codebookSize() != model.vocabulary()) {
            throw new GenerationException.Unservable(
                    Reason.INVALID_REQUEST, tokens + " to edit is not of this model's grid and codebook");
        }
    }

    /** A copy; open cells hold the mask token. */
    int[] tokens() {
        return tokens.clone();
    }

    /** How many cells are open. */
    int open() {
        return open;
    }

    /** The step to begin with. */
    int firstStep() {
        return firstStep;
    }

    /** What the schedule's shares are multiplied with. */
    float start() {
        return start;
    }
}
