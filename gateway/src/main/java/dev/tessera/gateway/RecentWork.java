package dev.tessera.gateway;

import java.time.Duration;
import java.time.Instant;

/**
 * How much was done of late: a sum for each second of the last minute, by the events' own times, so that their order
 * does not matter. For one thread at a time.
 */
final class RecentWork {
    static final int WINDOW_SECONDS = 60;

    private final long[] seconds = new long[WINDOW_SECONDS];
    private final long[] nanos = new long[WINDOW_SECONDS];

    void add(Instant time, long done) {
        long second = time.getEpochSecond();
        int slot = Math.floorMod(second, WINDOW_SECONDS);
        if (seconds[slot] > second) {
            return;
        }
        nanos[slot] = seconds[slot] == second ? nanos[slot] + done : done;
        seconds[slot] = second;
    }

    /** Seconds of expected work that were done per second since the first of the window; 0 when nothing was done. */
    double perSecond(Instant now) {
        long oldest = now.getEpochSecond() - WINDOW_SECONDS;
        long first = Long.MAX_VALUE;
        double sum = 0;
        for (int slot = 0; slot < WINDOW_SECONDS; slot++) {
            if (seconds[slot] > oldest && nanos[slot] > 0) {
                first = Math.min(first, seconds[slot]);
                sum += nanos[slot] / 1e9;
            }
        }
        if (sum == 0) {
            return 0;
        }
        double since = Duration.between(Instant.ofEpochSecond(first), now).toMillis() / 1000.0;
        return sum / Math.clamp(since, 1, WINDOW_SECONDS);
    }
}
