package dev.tessera.importer.graph;

import dev.tessera.importer.checkpoint.Weights;
import java.util.List;

/**
 * A constant matrix W of x W, [rows, columns].
 *
 * @param name of the constant
 */
public record Matrix(String name, long rows, long columns, Weights weights) {
    public Matrix {
        if (weights.elements() != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(
                    name + ": " + weights.elements() + " weights do not fill " + rows + " x " + columns);
        }
    }

    List<Long> shape() {
        return List.of(rows, columns);
    }
}
