package dev.tessera.inference;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The tokens that may still be drawn, in ascending order of their ids, with their logits and unnormalised
 * probabilities. Where an order by size is needed, a histogram finds the one narrow bin in which the cut falls, and only
 * that bin is sorted: the result is exact, the cost linear.
 *
 * <p>For one thread at a time; reused from draw to draw.
 */
final class Candidates {
    private final int[] ids;
    private final float[] values;
    private final float[] weights;
    private final double[] scores;
    private final LogitBins bins;
    private final float[] cutBin;
    private final long[] cutKeys;
    private int size;

    Candidates(int vocabulary) {
        ids = new int[vocabulary];
        values = new float[vocabulary];
        weights = new float[vocabulary];
        scores = new double[vocabulary];
        bins = new LogitBins(vocabulary);
        cutBin = new float[vocabulary];
        cutKeys = new long[vocabulary];
    }

    int size() {
        return size;
    }

    /**
     * Begins anew with the k largest logits and whatever equals the smallest of them.
     *
     * @param k 0 for all
     */
    void selectTopK(float[] logits, int k, float largest) {
        if (k == 0 || k >= logits.length) {
            selectAll(logits);
            return;
        }
        float threshold = kthLargest(logits, k, largest);
        int kept = 0;
        for (int id = 0; id < logits.length; id++) {
            float value = logits[id];
            ids[kept] = id;
            values[kept] = value;
            kept += value >= threshold ? 1 : 0;
        }
        size = kept;
    }

    /** Begins anew with one. */
    void selectOnly(int id, float logit) {
        ids[0] = id;
        values[0] = logit;
        size = 1;
    }

    private void selectAll(float[] logits) {
        size = logits.length;
        System.arraycopy(logits, 0, values, 0, size);
        for (int id = 0; id < size; id++) {
            ids[id] = id;
        }
    }

    private float kthLargest(float[] logits, int k, float largest) {
        bins.assign(logits, logits.length, largest);
        int[] counts = bins.counts();
        int above = 0;
        int bin = counts.length - 1;
        while (above + counts[bin] < k) {
            above += counts[bin--];
        }
        int members = 0;
        for (int i = 0; i < logits.length; i++) {
            if (bins.of(i) == bin) {
                cutBin[members++] = logits[i];
            }
        }
        Arrays.sort(cutBin, 0, members);
        return cutBin[members - (k - above)];
    }

    /** Gives each candidate its weight e^(l − largest). */
    void weigh(float largest) {
        for (int i = 0; i < size; i++) {
            weights[i] = Exponential.of(values[i] - largest);
        }
    }

    /**
     * Keeps a candidate unless those before it in descending order (equal logits: ascending ids) already have more than
     * p of the probability; so the first always stays.
     *
     * @param p 1 for all
     */
    void selectTopP(float p, float largest) {
        if (p == 1) {
            return;
        }
        bins.assign(values, size, largest);
        double[] masses = bins.masses(weights);
        double allowed = p * total();
        double before = 0;
        int bin = masses.length - 1;
        while (bin >= 0 && before + masses[bin] <= allowed) {
            before += masses[bin--];
        }
        if (bin >= 0) {
            keepDownTo(bin, lastKey(bin, allowed - before));
        }
    }

    /** The key of the last candidate of the bin that stays; the first always does. */
    private long lastKey(int bin, double allowed) {
        int members = 0;
        for (int i = 0; i < size; i++) {
            if (bins.of(i) == bin) {
                cutKeys[members++] = key(i);
            }
        }
        Arrays.sort(cutKeys, 0, members);
        double before = 0;
        long last = -1;
        for (int m = 0; m < members && before <= allowed; m++) {
            last = cutKeys[m];
            before += weights[(int) (last & Integer.MAX_VALUE)];
        }
        return last;
    }

    /** Ascending keys are descending logits; the low half is the candidate's place, so that equal logits keep their order. */
    private long key(int place) {
        int bits = Float.floatToRawIntBits(values[place] + 0f);
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        long descending = (long) Integer.MAX_VALUE - ascending;
        return descending << 31 | place;
    }

    private void keepDownTo(int bin, long lastKey) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int own = bins.of(i);
            if (own > bin || own == bin && key(i) <= lastKey) {
                ids[kept] = ids[i];
                values[kept] = values[i];
                weights[kept] = weights[i];
                kept++;
            }
        }
        size = kept;
    }

    /** The first candidate at which the cumulative probability exceeds the number. */
    int draw(double uniform) {
        double target = uniform * total();
        double cumulative = 0;
        int last = 0;
        for (int i = 0; i < size; i++) {
            cumulative += weights[i];
            if (cumulative > target) {
                return ids[i];
            }
            last = weights[i] > 0 ? i : last;
        }
        return ids[last];
    }

    /** Gives each candidate its unnormalised weight in a blend; returns the id of the first of the heaviest. */
    int reweigh(Smoothing smoothing, IntToDoubleFunction noise) {
        int heaviest = 0;
        for (int i = 0; i < size; i++) {
            scores[i] = values[i] * smoothing.gain() + noise.applyAsDouble(ids[i]);
            heaviest = scores[i] > scores[heaviest] ? i : heaviest;
        }
        for (int i = 0; i < size; i++) {
            weights[i] = Exponential.of((float) ((scores[i] - scores[heaviest]) / smoothing.temperature()));
        }
        return ids[heaviest];
    }

    /** The mean of the candidates' vectors by their weights. Most weigh nothing: the temperatures are low. */
    double[] mean(CodeVectors codes) {
        double[] mean = new double[codes.dimensions()];
        double total = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] > 0) {
                codes.addTo(mean, ids[i], weights[i]);
                total += weights[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= total;
        }
        return mean;
    }

    /** Four partial sums: a single one would wait for each addition before the next. */
    private double total() {
        double total0 = 0;
        double total1 = 0;
        double total2 = 0;
        double total3 = 0;
        int i = 0;
        for (; i + 4 <= size; i += 4) {
            total0 += weights[i];
            total1 += weights[i + 1];
            total2 += weights[i + 2];
            total3 += weights[i + 3];
        }
        for (; i < size; i++) {
            total0 += weights[i];
        }
        return (total0 + total1) + (total2 + total3);
    }
}
