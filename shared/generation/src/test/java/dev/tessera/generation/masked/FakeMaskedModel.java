package dev.tessera.generation.masked;

import dev.tessera.generation.Condition;
import dev.tessera.generation.masked.MaskedDimensions.BaseGrid;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network whose logits are a hash of the row's condition, all its tokens and the cell. Any mistake in a row, a token or a
 * copied row gives other logits.
 */
final class FakeMaskedModel implements MaskedModel {
    static final int VOCABULARY = 32;
    static final int MASK = 35;
    static final int CELLS = 16;

    /** Each run's number of rows. */
    final List<Integer> runs = new ArrayList<>();

    int notNumbersForText = -1;
    boolean closed;

    private final long[] conditions;
    private final Optional<BaseGrid> base;

    FakeMaskedModel(int rows) {
        this(rows, Optional.empty());
    }

    private FakeMaskedModel(int rows, Optional<BaseGrid> base) {
        this.conditions = new long[rows];
        this.base = base;
    }

    /** One that takes a base grid with the text. */
    static FakeMaskedModel ofSuperResolution(int rows) {
        return new FakeMaskedModel(rows, Optional.of(new BaseGrid(new Grid(2, 2), 8)));
    }

    private static MaskedDimensions sizes(Optional<BaseGrid> base) {
        return new MaskedDimensions(
                VOCABULARY,
                MASK,
                new Grid(4, 4),
                new TextConditioning(2, 3, 1, true, 0),
                base,
                new UnmaskingDefaults(6, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT));
    }

    @Override
    public MaskedDimensions dimensions() {
        return sizes(base);
    }

    @Override
    public int rows() {
        return conditions.length;
    }

    @Override
    public void begin(int row, Condition.Textual condition) {
        conditions[row] = switch (condition) {
            case Condition.OfText text -> text.states().hashCode();
            case Condition.OfBaseGrid fine ->
                mixed(fine.states().hashCode(), fine.base().hashCode());
        };
    }

    @Override
    public FloatBuffer advance(int[] tokens, int[] wanted) {
        runs.add(tokens.length / CELLS);
        FloatBuffer logits = FloatBuffer.allocate(wanted.length * VOCABULARY);
        for (int place : wanted) {
            int row = place / CELLS;
            long hash = mixed(conditions[row], place % CELLS);
            for (int cell = 0; cell < CELLS; cell++) {
                hash = mixed(hash, tokens[row * CELLS + cell]);
            }
            for (int i = 0; i < VOCABULARY; i++) {
                hash = mixed(hash, i);
                float logit = ((hash >>> 40) & 0xFFFF) / 16384f;
                logits.put(conditions[row] == notNumbersForText ? Float.NaN : logit);
            }
        }
        return logits.flip();
    }

    @Override
    public void copyRow(int from, int to) {
        conditions[to] = conditions[from];
    }

    @Override
    public void close() {
        closed = true;
    }

    private static long mixed(long hash, long value) {
        return (hash + value) * 0x9E3779B97F4A7C15L ^ hash >>> 29;
    }
}
