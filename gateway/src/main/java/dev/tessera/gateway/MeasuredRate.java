package dev.tessera.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How far measured images were from what was expected of them: the ratio of two sums over all images measured, in which
 * an image counts half as much as one that is five minutes younger.
 *
 * <p>The weights follow from the events' own times, so that the order in which events are read does not matter: every
 * replica that has read the same events has the same rate, and so has one that reads them again.
 *
 * @param reference the time of weight one
 * @param measured weighted seconds
 * @param expected weighted seconds
 */
record MeasuredRate(Instant reference, double measured, double expected) {
    private static final double HALF_LIFE_SECONDS = 300;
    static final MeasuredRate NONE = new MeasuredRate(Instant.EPOCH, 0, 0);

    MeasuredRate with(Instant time, Duration took, long expectedNanos) {
        Instant later = time.isAfter(reference) ? time : reference;
        double old = weight(reference, later);
        double fresh = weight(time, later);
        return new MeasuredRate(
                later, measured * old + seconds(took) * fresh, expected * old + expectedNanos / 1e9 * fresh);
    }

    /** What an expected second really is; empty before the first measurement. */
    OptionalDouble factor() {
        return expected > 0 ? OptionalDouble.of(measured / expected) : OptionalDouble.empty();
    }

    private static double weight(Instant time, Instant reference) {
        return Math.exp(-Math.log(2) * seconds(Duration.between(time, reference)) / HALF_LIFE_SECONDS);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
