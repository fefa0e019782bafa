package dev.tessera.benchmarks.scaling;

/**
 * What images cost, in seconds of a replica: some little, some much. Who asks for what changes over the day.
 *
 * @param largeBefore the share of costly images in the first half of the day
 * @param largeAfter the share in the second half
 */
record Mix(double small, double large, double largeBefore, double largeAfter) {
    double largeShare(double time) {
        return time % Arrivals.DAY < Arrivals.DAY / 2 ? largeBefore : largeAfter;
    }

    /** Over the whole day, where the rate is the same in both halves. */
    double mean() {
        double share = (largeBefore + largeAfter) / 2;
        return small * (1 - share) + large * share;
    }
}
