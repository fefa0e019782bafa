package dev.tessera.inference;

/**
 * How code vectors are blended where no single one is drawn: by the weights softmax((l · gain + Gumbel noise) / temperature)
 * of the logits l. Source: VAR's {@code more_smooth}, {@code models/var.py}.
 *
 * @param temperature above 0; the lower, the more of a cell is one code's
 */
public record Smoothing(double gain, double temperature) {
    private static final double FIRST = 0.27;
    private static final double COOLING = 0.95;
    private static final double LEAST = 0.005;

    /** @throws IllegalArgumentException when the temperature is not above 0 */
    public Smoothing {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("the temperature of a blend is above 0, not " + temperature);
        }
    }

    /** At the scale s of S, of which s / (S − 1) are done: it cools from scale to scale. */
    public static Smoothing at(int scale, int scales) {
        double done = scale / Math.max(1.0, scales - 1.0);
        return new Smoothing(1 + done, Math.max(FIRST * (1 - COOLING * done), LEAST));
    }
}
