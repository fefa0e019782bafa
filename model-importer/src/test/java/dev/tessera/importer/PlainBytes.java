package dev.tessera.importer;

/** The rule of products in eight bits, written down without regard to speed. */
public final class PlainBytes {
    private static final float STEP = 1f / 127;

    private PlainBytes() {}

    /**
     * x W
     *
     * @param x rows of {@code in}
     * @param w [in, out]
     */
    public static float[] product(float[] x, float[] w, int in, int out) {
        int rows = x.length / in;
        float[] result = new float[rows * out];
        for (int row = 0; row < rows; row++) {
            float magnitude = 1e-30f;
            for (int i = 0; i < in; i++) {
                magnitude = Math.max(magnitude, Math.abs(x[row * in + i]));
            }
            for (int column = 0; column < out; column++) {
                float scale = columnScale(w, in, out, column);
                long sum = 0;
                for (int i = 0; i < in; i++) {
                    double number = Math.rint(x[row * in + i] / magnitude / STEP);
                    sum += (long) number * (long) Math.rint(w[i * out + column] / scale);
                }
                result[row * out + column] = (float) ((double) sum * STEP * scale * magnitude);
            }
        }
        return result;
    }

    private static float columnScale(float[] w, int in, int out, int column) {
        float largest = 0;
        for (int i = 0; i < in; i++) {
            largest = Math.max(largest, Math.abs(w[i * out + column]));
        }
        return largest == 0 ? 1 : largest / 127;
    }
}
