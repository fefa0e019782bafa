package dev.tessera.importer.nextscale;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The square grids of a next-scale model.
 *
 * @param sides in tokens, from coarse to fine
 */
public record Scales(List<Integer> sides) {
    private static final String LEVELS = "lvl_1L";

    /** Source: VAR, {@code utils/arg_util.py}: the schedules for 256, 512 and 1024 pixels. */
    private static final List<List<Integer>> PUBLISHED = List.of(
            List.of(1, 2, 3, 4, 5, 6, 8, 10, 13, 16),
            List.of(1, 2, 3, 4, 6, 9, 13, 18, 24, 32),
            List.of(1, 2, 3, 4, 5, 7, 9, 12, 16, 21, 27, 36, 48, 64));

    public Scales {
        sides = List.copyOf(sides);
        for (int i = 0; i < sides.size(); i++) {
            if (i == 0 ? sides.get(i) != 1 : sides.get(i) <= sides.get(i - 1)) {
                throw new ImportException(
                        Reason.INVALID_OPTION,
                        "the grids have sides " + sides + ": they must begin with 1 and increase");
            }
        }
        if (sides.size() < 2) {
            throw new ImportException(Reason.INVALID_OPTION, "the grids have sides " + sides + ": one is too few");
        }
    }

    /** The scales of a checkpoint: counted in its table of levels, else those published with as many tokens. */
    static Scales of(StateDict weights, int width) {
        return weights.find(LEVELS)
                .map(levels -> checked(counted(levels), weights, width))
                .orElseGet(() -> published(weights, width));
    }

    /** @throws ImportException when the checkpoint's tables are not of these scales */
    static Scales checked(List<Integer> sides, StateDict weights, int width) {
        var scales = new Scales(sides);
        weights.get(VarShape.MARKER, 1, scales.tokens(), width);
        weights.get("lvl_embed.weight", scales.count(), width);
        return scales;
    }

    /** @param levels [1, L]: each token's scale */
    private static List<Integer> counted(Tensor levels) {
        List<Integer> counts = new ArrayList<>();
        for (long level : levels.integers()) {
            if (level == counts.size()) {
                counts.add(0);
            }
            if (level != counts.size() - 1) {
                throw new ImportException(Reason.WRONG_SHAPE, "tensor '" + LEVELS + "' does not count the scales up");
            }
            counts.set((int) level, counts.getLast() + 1);
        }
        return counts.stream().map(Scales::side).toList();
    }

    private static int side(int tokens) {
        int side = (int) Math.round(Math.sqrt(tokens));
        if (side * side != tokens) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor '" + LEVELS + "' gives a scale " + tokens + " tokens: no square grid");
        }
        return side;
    }

    private static Scales published(StateDict weights, int width) {
        long tokens = weights.get(VarShape.MARKER, 1, StateDict.ANY, width).size(1);
        return PUBLISHED.stream()
                .map(Scales::new)
                .filter(scales -> scales.tokens() == tokens)
                .findFirst()
                .orElseThrow(() -> new ImportException(
                        Reason.INVALID_OPTION,
                        "a transformer of " + tokens + " tokens is none of the published ones: give its scales"));
    }

    int count() {
        return sides.size();
    }

    int finest() {
        return sides.getLast();
    }

    /** Number of tokens of all scales. */
    int tokens() {
        return firstToken(count());
    }

    /** Number of tokens before a scale. */
    int firstToken(int scale) {
        return sides.subList(0, scale).stream().mapToInt(side -> side * side).sum();
    }

    /** Sum of the sides before a scale. */
    int firstSide(int scale) {
        return sides.subList(0, scale).stream().mapToInt(Integer::intValue).sum();
    }
}
