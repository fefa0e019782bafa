package dev.tessera.evaluation;

/**
 * How sure a classifier is of each picture, and how different its answers are: exp of the mean Kullback-Leibler divergence of an answer from
 * the mean answer (Salimans et al. 2016, arXiv 1606.03498). Between 1 and the number of classes.
 */
public final class InceptionScore {
    /** So many pictures make one score, of which the mean counts, as in the ADM suite. */
    static final int SPLIT = 5000;

    private InceptionScore() {}

    /** @param logits the classifier's, one vector for each picture */
    public static double of(Features logits) {
        return of(logits, SPLIT);
    }

    static double of(Features logits, int split) {
        double sum = 0;
        int splits = 0;
        for (int from = 0; from < logits.count(); from += split) {
            sum += score(logits, from, Math.min(logits.count(), from + split));
            splits++;
        }
        return sum / splits;
    }

    private static double score(Features logits, int from, int to) {
        double[] mean = new double[logits.width()];
        double negativeEntropy = 0;
        for (int row = from; row < to; row++) {
            double[] probabilities = softmax(logits, row);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += probabilities[i] / (to - from);
                negativeEntropy += plogp(probabilities[i]) / (to - from);
            }
        }
        double entropyOfMean = 0;
        for (double probability : mean) {
            entropyOfMean -= plogp(probability);
        }
        return Math.exp(negativeEntropy + entropyOfMean);
    }

    private static double[] softmax(Features logits, int row) {
        double[] probabilities = new double[logits.width()];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < probabilities.length; i++) {
            largest = Math.max(largest, logits.get(row, i));
        }
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = Math.exp(logits.get(row, i) - largest);
            sum += probabilities[i];
        }
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    private static double plogp(double probability) {
        return probability == 0 ? 0 : probability * Math.log(probability);
    }
}
