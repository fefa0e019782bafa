package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.ComputedWeights;

/**
 * What aMUSEd's transformer is told of the picture beside the text: width, height, the corner of the crop and how well
 * liked it is, each as cosines and then sines of 128 frequencies. All constant for a model. In single precision, as the
 * reference computes it. Source: aMUSEd, {@code pipeline_amused.py}, {@code uvit_2d.py}.
 */
final class MicroCondition {
    static final int FEATURES = 256;
    private static final int HALF = FEATURES / 2;
    private static final int CROP = 0;
    private static final int AESTHETIC_SCORE = 6;
    private static final double LONGEST = Math.log(10_000);

    private MicroCondition() {}

    /** @param side of the picture in pixels */
    static Weights of(int side) {
        int[] numbers = {side, side, CROP, CROP, AESTHETIC_SCORE};
        float[] features = new float[numbers.length * FEATURES];
        for (int i = 0; i < numbers.length; i++) {
            for (int k = 0; k < HALF; k++) {
                float angle = numbers[i] * frequency(k);
                features[i * FEATURES + k] = (float) Math.cos(angle);
                features[i * FEATURES + HALF + k] = (float) Math.sin(angle);
            }
        }
        return new ComputedWeights("micro condition", features);
    }

    private static float frequency(int k) {
        float exponent = (float) -LONGEST * k / HALF;
        return (float) Math.exp(exponent);
    }
}
