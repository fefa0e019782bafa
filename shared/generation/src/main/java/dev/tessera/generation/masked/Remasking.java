package dev.tessera.generation.masked;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.PartialImage;
import dev.tessera.inference.ImageRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/** Which cells are masked after a step, for the next one to draw. */
sealed interface Remasking {
    /** Unmasking: the least certain of those that were drawn, fewer with each step. */
    record LeastCertain(UnmaskingPlan plan, int cells, int open, float start) implements Remasking {
        @Override
        public int[] after(int step, int[] drawn, float[] confidences) {
            int masked = plan.masked(step, cells, drawn.length, start);
            float[] ordered = confidences.clone();
            Arrays.sort(ordered);
            // Strictly below the n-th smallest; given cells count as certain, so that an only open cell stays open.
            float cut = masked < ordered.length ? ordered[masked] : Float.POSITIVE_INFINITY;
            return IntStream.range(0, drawn.length)
                    .filter(i -> confidences[i] < cut)
                    .map(i -> drawn[i])
                    .toArray();
        }

        @Override
        public int tokensTotal() {
            return open;
        }

        @Override
        public int tokensDone(int steps, int stillOpen) {
            return open - stillOpen;
        }

        @Override
        public boolean leaves(PartialImage partial) {
            return true;
        }
    }

    /** Mask-free editing: any cells, as many with each step. */
    record AtRandom(RandomCells random, int steps) implements Remasking {
        @Override
        public int[] after(int step, int[] drawn, float[] confidences) {
            return random.at(step + 1).stream().mapToInt(Integer::intValue).toArray();
        }

        @Override
        public int tokensTotal() {
            return random.each() * steps;
        }

        @Override
        public int tokensDone(int steps, int stillOpen) {
            return random.each() * steps;
        }

        @Override
        public boolean leaves(PartialImage partial) {
            Set<Integer> open = random.at(partial.stepsDone());
            return IntStream.range(0, random.cells()).allMatch(cell -> partial.isDrawn(cell) != open.contains(cell));
        }
    }

    static Remasking of(
            Canvas canvas, UnmaskingPlan plan, OpenGrid grid, ImageRandom random, MaskedDimensions dimensions) {
        return switch (canvas) {
            case Canvas.Blank _, Canvas.Masked _, Canvas.Varied _ ->
                new LeastCertain(plan, dimensions.cells(), grid.open(), grid.start());
            case Canvas.Resampled resampled ->
                new AtRandom(RandomCells.of(resampled.resampling(), random, dimensions), plan.steps());
        };
    }

    /**
     * The cells to mask after a step that is not the last.
     *
     * @param drawn the cells that the step drew
     * @param confidences in their tokens
     */
    int[] after(int step, int[] drawn, float[] confidences);

    /** How many tokens the steps draw for good. */
    int tokensTotal();

    /** How many of them are done after so many steps. */
    int tokensDone(int steps, int stillOpen);

    /** Whether cells can be open as they are in an image of the grid's cells that was left. */
    boolean leaves(PartialImage partial);
}
