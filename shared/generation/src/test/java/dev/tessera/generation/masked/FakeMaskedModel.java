package dev.tessera.generation.masked;

import dev.tessera.generation.TextStates;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.GuidanceRise;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import dev.tessera.inference.bundle.BundleManifest.Unmasking;
import dev.tessera.inference.bundle.BundleManifest.UnmaskingSchedule;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A network whose logits are a hash of the row's text, all its tokens and the cell. Any mistake in a row, a token or a
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

    private final long[] texts;

    FakeMaskedModel(int rows) {
        texts = new long[rows];
    }

    static MaskedDimensions sizes() {
        return new MaskedDimensions(
                VOCABULARY,
                MASK,
                new Grid(4, 4),
                new TextConditioning(2, 3, 1, true, 0),
                new Unmasking(6, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT));
    }

    @Override
    public MaskedDimensions dimensions() {
        return sizes();
    }

    @Override
    public int rows() {
        return texts.length;
    }

    @Override
    public void begin(int row, TextStates text) {
        texts[row] = text.hashCode();
    }

    @Override
    public FloatBuffer advance(int[] tokens, int[] wanted) {
        runs.add(tokens.length / CELLS);
        FloatBuffer logits = FloatBuffer.allocate(wanted.length * VOCABULARY);
        for (int place : wanted) {
            int row = place / CELLS;
            long hash = mixed(texts[row], place % CELLS);
            for (int cell = 0; cell < CELLS; cell++) {
                hash = mixed(hash, tokens[row * CELLS + cell]);
            }
            for (int i = 0; i < VOCABULARY; i++) {
                hash = mixed(hash, i);
                float logit = ((hash >>> 40) & 0xFFFF) / 16384f;
                logits.put(texts[row] == notNumbersForText ? Float.NaN : logit);
            }
        }
        return logits.flip();
    }

    @Override
    public void copyRow(int from, int to) {
        texts[to] = texts[from];
    }

    @Override
    public void close() {
        closed = true;
    }

    private static long mixed(long hash, long value) {
        return (hash + value) * 0x9E3779B97F4A7C15L ^ hash >>> 29;
    }
}
