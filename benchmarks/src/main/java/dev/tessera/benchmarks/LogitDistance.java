package dev.tessera.benchmarks;

import java.nio.FloatBuffer;
import java.util.Locale;

/** How far logits in eight bits are from those in 32 bits of the same inputs, and how often the largest is the same. */
final class LogitDistance {
    private final int vocabulary;
    private double squares;
    private double differences;
    private long agreed;
    private long rows;

    LogitDistance(int vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Adds so many rows from the beginning of both. */
    void add(int count, FloatBuffer exact, FloatBuffer rounded) {
        for (int row = 0; row < count; row++) {
            addRow(row * vocabulary, exact, rounded);
        }
        rows += count;
    }

    private void addRow(int from, FloatBuffer exact, FloatBuffer rounded) {
        int largest = from;
        int largestRounded = from;
        for (int i = from; i < from + vocabulary; i++) {
            double difference = (double) exact.get(i) - rounded.get(i);
            squares += (double) exact.get(i) * exact.get(i);
            differences += difference * difference;
            largest = exact.get(i) > exact.get(largest) ? i : largest;
            largestRounded = rounded.get(i) > rounded.get(largestRounded) ? i : largestRounded;
        }
        agreed += largest == largestRounded ? 1 : 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "int8 beside fp32, the same inputs: logits off by %.4f of their root mean square, the largest the same"
                        + " in %.1f %% of %d",
                Math.sqrt(differences / squares),
                100.0 * agreed / rows,
                rows);
    }
}
