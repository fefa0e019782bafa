package dev.tessera.inference;

import java.util.Arrays;

/**
 * Sorts logits into bins of equal width between the smallest and the largest. A larger logit is never in a lower bin:
 * subtraction of a constant and multiplication by a positive one keep the order also when rounded. Where the range is
 * unusable (all equal, or infinite), everything is in one bin.
 */
final class LogitBins {
    private static final int BINS = 4096;

    private final int[] binOf;
    private final int[] counts = new int[BINS];
    private final double[] masses = new double[BINS];
    private int size;

    LogitBins(int capacity) {
        binOf = new int[capacity];
    }

    void assign(float[] values, int size, float largest) {
        this.size = size;
        float smallest = largest;
        for (int i = 0; i < size; i++) {
            smallest = Math.min(smallest, values[i]);
        }
        float scale = (BINS - 1) / (largest - smallest);
        if (Float.isInfinite(scale)) {
            Arrays.fill(binOf, 0, size, 0);
            return;
        }
        for (int i = 0; i < size; i++) {
            binOf[i] = (int) ((values[i] - smallest) * scale);
        }
    }

    /** The bin of the i-th value. */
    int of(int i) {
        return binOf[i];
    }

    /** How many values each bin has; valid until the next call. */
    int[] counts() {
        Arrays.fill(counts, 0);
        for (int i = 0; i < size; i++) {
            counts[binOf[i]]++;
        }
        return counts;
    }

    /** The sum of each bin's weights; valid until the next call. */
    double[] masses(float[] weights) {
        Arrays.fill(masses, 0);
        for (int i = 0; i < size; i++) {
            masses[binOf[i]] += weights[i];
        }
        return masses;
    }
}
