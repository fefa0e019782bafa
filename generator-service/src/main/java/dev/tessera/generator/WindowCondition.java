package dev.tessera.generator;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generator.WindowRule.Cell;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;

/**
 * The tokens before a window's own. They are numbers of the same table as the image's: a class is the token of that
 * number, the start token is 0. Source: taming-transformers, {@code taming/modules/util.py}.
 */
sealed interface WindowCondition {
    /** Of every window the same one token. */
    record Constant(int token) implements WindowCondition {
        @Override
        public int id(Cell corner, int position) {
            return token;
        }
    }

    /** Of a map as large as the image the same window. */
    record OfMap(TokenGrid map, int side) implements WindowCondition {
        @Override
        public int id(Cell corner, int position) {
            int row = corner.row() + position / side;
            return map.id(row * map.columns() + corner.column() + position % side);
        }
    }

    /**
     * The token at a position of the prefix.
     *
     * @param corner where the window begins
     */
    int id(Cell corner, int position);

    /** @throws GenerationException.Unservable when the condition is not of the model's kind or the image's size */
    static WindowCondition of(Condition condition, WindowDimensions dimensions, WindowRule rule) {
        return switch (dimensions.conditioning()) {
            case ClassConditioning classes -> new Constant(classToken(condition, classes.classes()));
            case NoConditioning none -> new Constant(startToken(condition));
            case MapConditioning map -> new OfMap(mapTokens(condition, map, rule), dimensions.window());
            case TextConditioning text -> throw new IllegalStateException("a windowed model takes no text");
        };
    }

    private static int classToken(Condition condition, int classes) {
        if (condition instanceof Condition.OfClass one && one.classId() < classes) {
            return one.classId();
        }
        throw mismatch(condition + ": the model takes a class from 0 to " + (classes - 1));
    }

    private static int startToken(Condition condition) {
        if (condition instanceof Condition.None) {
            return 0;
        }
        throw mismatch(condition + ": the model takes no condition");
    }

    private static TokenGrid mapTokens(Condition condition, MapConditioning expected, WindowRule rule) {
        if (condition instanceof Condition.OfMap(TokenGrid map)
                && map.rows() == rule.rows()
                && map.columns() == rule.columns()
                && map.scales().isEmpty()
                && map.codebookSize() == expected.codes()) {
            return map;
        }
        throw mismatch(condition + ": the model takes a map of " + rule.rows() + " x " + rule.columns() + " tokens of "
                + expected.codes());
    }

    private static GenerationException mismatch(String message) {
        return new GenerationException.Unservable(Reason.CONDITIONING_MISMATCH, "conditioning: " + message);
    }
}
