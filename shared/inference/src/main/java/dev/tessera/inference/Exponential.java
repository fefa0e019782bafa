package dev.tessera.inference;

/**
 * The exponential function of numbers of at most 0, in plain float arithmetic: unlike {@link Math#exp} it gives the same
 * bits on every machine, and a loop of it becomes vector code. Source: range reduction by ln 2 in two parts and the
 * minimax polynomial of Cephes' {@code expf}.
 */
final class Exponential {
    private static final float LEAST = -87f;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    private Exponential() {}

    /**
     * Within 2⁻²² of the true value, relatively; 0 below −87.
     *
     * @param x at most 0, also negative infinity
     */
    static float of(float x) {
        int exponent = (int) (x * LOG2_E - 0.5f);
        float r = x - exponent * LN2_HIGH - exponent * LN2_LOW;
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        float mantissa = p * r * r + r + 1;
        float value = mantissa * Float.intBitsToFloat((exponent + 127) << 23);
        return x < LEAST ? 0 : value;
    }
}
