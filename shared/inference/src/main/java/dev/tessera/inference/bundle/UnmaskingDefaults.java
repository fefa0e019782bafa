package dev.tessera.inference.bundle;

/**
 * How a masked model unmasks where a request says nothing else.
 *
 * @param finalTemperature of the noise on the confidences in the last step; that of the first is the request's
 *     temperature
 */
public record UnmaskingDefaults(
        int steps, UnmaskingSchedule schedule, float finalTemperature, GuidanceRise guidanceRise) {
    /** More would be slower and no better. */
    public static final int MAX_STEPS = 1000;

    public UnmaskingDefaults {
        if (steps < 1 || steps > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "generator.unmasking.steps is " + steps + ", it must be 1 to " + MAX_STEPS);
        }
        if (!(finalTemperature >= 0 && finalTemperature < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("generator.unmasking.finalTemperature is " + finalTemperature
                    + ", it must be a number of at least 0");
        }
    }
}
