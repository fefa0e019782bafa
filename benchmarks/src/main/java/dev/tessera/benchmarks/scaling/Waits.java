package dev.tessera.benchmarks.scaling;

/** Times in buckets that are a hundredth wide each, so that ten million of them need no memory. */
final class Waits {
    private static final double LEAST = 0.01;
    private static final double STEP = Math.log(1.01);

    private final long[] counts = new long[2000];
    private long all;

    void add(double seconds) {
        int bucket = seconds <= LEAST ? 0 : 1 + (int) (Math.log(seconds / LEAST) / STEP);
        counts[Math.min(counts.length - 1, bucket)]++;
        all++;
    }

    /** In seconds, to a hundredth of it; 0 for what is below ten milliseconds, and where there is none. */
    double quantile(double share) {
        long rank = (long) Math.ceil(share * all);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return bucket == 0 ? 0 : LEAST * Math.exp(bucket * STEP);
            }
        }
        return 0;
    }
}
