package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.ComputedWeights;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * LlamaGen's two-dimensional rotary table: the first half of the angles turn with the row of the cell, the second half
 * with its column, theta_j = 10000^(-2j / (head / 2)). The rows of the prefix are zero in both tables, so the keys
 * and queries of the prefix vanish; that is how the model was trained.
 *
 * @param headSize of the checkpoint; angles beyond it belong to padding and are zero
 */
record RotaryTable(int prefix, int gridSide, int headSize, int paddedHeadSize) {
    private static final float BASE = 10_000f;

    /** Shape of both tables: positions, angles. */
    List<Long> shape() {
        return List.of((long) prefix + (long) gridSide * gridSide, paddedHeadSize / 2L);
    }

    Weights cosines() {
        return table("rotary.cos", Math::cos);
    }

    Weights sines() {
        return table("rotary.sin", Math::sin);
    }

    private Weights table(String name, DoubleUnaryOperator function) {
        int columns = paddedHeadSize / 2;
        float[] values = new float[(prefix + gridSide * gridSide) * columns];
        for (int cell = 0; cell < gridSide * gridSide; cell++) {
            for (int angle = 0; angle < headSize / 2; angle++) {
                values[(prefix + cell) * columns + angle] = (float) function.applyAsDouble(angle(cell, angle));
            }
        }
        return new ComputedWeights(name, values);
    }

    private float angle(int cell, int angle) {
        int perAxis = headSize / 4;
        int coordinate = angle < perAxis ? cell / gridSide : cell % gridSide;
        float exponent = 2f * (angle % perAxis) / (headSize / 2f);
        return coordinate * (1f / (float) Math.pow(BASE, exponent));
    }
}
