package dev.tessera.generator;

import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.LatentPicture;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A network whose logits are a hash of everything that the row holds: its class, the tokens or vectors of all scales put
 * into its picture, and the scales it ran. Any mistake in a row, a scale, a token or a copied row gives other logits.
 */
final class FakeNextScaleModel implements NextScaleModel {
    static final int VOCABULARY = 32;
    static final int CLASSES = 10;
    static final int DIMENSIONS = 3;
    static final List<Integer> SIDES = List.of(1, 2, 3, 4);
    static final int TOKENS = 1 + 4 + 9 + 16;

    /** Each run's scale and number of rows. */
    final List<List<Integer>> runs = new ArrayList<>();

    int failingRuns;
    int notNumbersForClass = -1;
    boolean closed;

    private final long[] classes;
    private final long[] pictures;
    private final boolean[] accompanying;
    private final long[][] caches;

    FakeNextScaleModel(int rows) {
        classes = new long[rows];
        pictures = new long[rows];
        accompanying = new boolean[rows];
        caches = new long[rows][SIDES.size()];
    }

    @Override
    public NextScaleDimensions dimensions() {
        return new NextScaleDimensions(VOCABULARY, CLASSES, SIDES);
    }

    @Override
    public CodeVectors codes() {
        var random = new Random(1);
        float[] values = new float[VOCABULARY * DIMENSIONS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new CodeVectors(DIMENSIONS, values);
    }

    @Override
    public int rows() {
        return classes.length;
    }

    @Override
    public void begin(int row, int classId) {
        classes[row] = classId;
        pictures[row] = 0;
        accompanying[row] = false;
        Arrays.fill(caches[row], -7);
    }

    @Override
    public void accompany(int row, int classId) {
        begin(row, classId);
        accompanying[row] = true;
    }

    @Override
    public FloatBuffer advance(int scale, int from, int to) {
        runs.add(List.of(scale, to - from));
        if (failingRuns > 0) {
            failingRuns--;
            throw new IllegalStateException("a run that fails");
        }
        int tokens = dimensions().tokens(scale);
        FloatBuffer logits = FloatBuffer.allocate((to - from) * tokens * VOCABULARY);
        for (int row = from; row < to; row++) {
            long picture = pictures[accompanying[row] ? row - 1 : row];
            caches[row][scale] = mixed(mixed(17, classes[row]), picture);
            long hash = mixed(17, scale);
            for (int past = 0; past <= scale; past++) {
                hash = mixed(hash, caches[row][past]);
            }
            for (int i = 0; i < tokens * VOCABULARY; i++) {
                hash = mixed(hash, i);
                float logit = ((hash >>> 40) & 0xFFFF) / 16384f;
                logits.put(classes[row] == notNumbersForClass ? Float.NaN : logit);
            }
        }
        return logits.flip();
    }

    @Override
    public void refine(int row, int scale, int[] tokens) {
        requireOwnPicture(row);
        for (int token : tokens) {
            pictures[row] = mixed(pictures[row], token + 1000L * scale);
        }
    }

    @Override
    public void refine(int row, int scale, float[] vectors) {
        requireOwnPicture(row);
        if (vectors.length != dimensions().tokens(scale) * DIMENSIONS) {
            throw new IllegalStateException(vectors.length + " numbers for scale " + scale);
        }
        for (float value : vectors) {
            pictures[row] = mixed(pictures[row], Float.floatToRawIntBits(value) + 1000L * scale);
        }
    }

    /** The hash, in four pieces that floats hold. */
    @Override
    public LatentPicture latent(int row) {
        requireOwnPicture(row);
        long hash = pictures[row];
        return new LatentPicture(
                1, 2, new float[] {hash & 0xFFFF, hash >>> 16 & 0xFFFF, hash >>> 32 & 0xFFFF, hash >>> 48});
    }

    private void requireOwnPicture(int row) {
        if (accompanying[row]) {
            throw new IllegalStateException("row " + row + " has no picture of its own");
        }
    }

    @Override
    public void copyRow(int from, int to, int scale) {
        classes[to] = classes[from];
        pictures[to] = pictures[from];
        accompanying[to] = accompanying[from];
        Arrays.fill(caches[to], -7);
        System.arraycopy(caches[from], 0, caches[to], 0, scale);
    }

    @Override
    public void close() {
        closed = true;
    }

    private static long mixed(long hash, long value) {
        return (hash + value) * 0x9E3779B97F4A7C15L ^ hash >>> 29;
    }
}
