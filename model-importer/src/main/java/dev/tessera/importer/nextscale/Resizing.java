package dev.tessera.importer.nextscale;

/**
 * Resizing a square map as matrix products: rows and columns alike, A M Aᵀ. Both ways are linear and their weights depend
 * on the sizes alone, so that they are constants of the graph.
 */
final class Resizing {
    /** PyTorch's bicubic coefficient. */
    private static final double A = -0.75;

    private static final int TAPS = 4;

    private Resizing() {}

    /**
     * Cubic convolution (Keys 1981) with half-pixel centres, borders repeated and no smoothing: [to, from], row-major. Of
     * equal sizes it is the identity.
     */
    static float[] bicubic(int from, int to) {
        float[] matrix = new float[to * from];
        for (int row = 0; row < to; row++) {
            double centre = (row + 0.5) * from / to - 0.5;
            int left = (int) Math.floor(centre);
            for (int tap = 0; tap < TAPS; tap++) {
                int place = left - 1 + tap;
                int column = Math.clamp(place, 0, from - 1);
                matrix[row * from + column] += (float) cubic(Math.abs(centre - place));
            }
        }
        return matrix;
    }

    private static double cubic(double distance) {
        double x = distance;
        if (x <= 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? ((A * x - 5 * A) * x + 8 * A) * x - 4 * A : 0;
    }

    /** Adaptive averaging, [to, from]: output i is the mean of inputs ⌊i·from/to⌋ to ⌈(i+1)·from/to⌉ − 1. */
    static float[] area(int from, int to) {
        float[] matrix = new float[to * from];
        for (int row = 0; row < to; row++) {
            int begin = row * from / to;
            int end = Math.ceilDiv((row + 1) * from, to);
            for (int column = begin; column < end; column++) {
                matrix[row * from + column] = 1f / (end - begin);
            }
        }
        return matrix;
    }
}
