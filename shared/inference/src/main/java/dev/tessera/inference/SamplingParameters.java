package dev.tessera.inference;

/**
 * How a token is drawn from logits.
 *
 * @param guidanceScale of classifier-free guidance; at most 1 switches it off
 * @param temperature 0 means the most likely token
 * @param topK how many of the most likely tokens may be drawn; 0 means all
 * @param topP probability mass of the most likely tokens that may be drawn; 1 means all
 * @param moreSmooth whether a next-scale model blends code vectors instead of drawing one; no other looks at it
 */
public record SamplingParameters(float guidanceScale, float temperature, int topK, float topP, boolean moreSmooth) {

    /** @throws IllegalArgumentException with a message that begins with the field's name in the HTTP interface */
    public SamplingParameters {
        require(
                Float.isFinite(guidanceScale) && guidanceScale >= 0,
                "guidance_scale must be a number of at least 0, not " + guidanceScale);
        require(
                Float.isFinite(temperature) && temperature >= 0,
                "temperature must be a number of at least 0, not " + temperature);
        require(topK >= 0, "top_k must be at least 0, not " + topK);
        require(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1, not " + topP);
    }

    /** Drawn, not blended. */
    public SamplingParameters(float guidanceScale, float temperature, int topK, float topP) {
        this(guidanceScale, temperature, topK, topP, false);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Whether a second, unconditional row of logits is needed. */
    public boolean guided() {
        return guidanceScale > 1;
    }

    /** Whether the most likely token is taken, without a random number. */
    public boolean greedy() {
        return temperature == 0;
    }
}
