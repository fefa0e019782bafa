package dev.tessera.importer.graph;

import dev.tessera.inference.bundle.Precision;

/**
 * How a transformer multiplies by its weights.
 *
 * @param leastSide of a matrix that eight bits pay for, rows and columns alike; smaller ones are multiplied in 32 bits
 */
public record Arithmetic(Precision precision, int leastSide) {
    /** Below, quantising an activation takes what the product saves: decision 0019. */
    private static final int LEAST_SIDE = 128;

    public static Arithmetic of(Precision precision) {
        return new Arithmetic(precision, LEAST_SIDE);
    }

    public Arithmetic withLeastSide(int rowsOrColumns) {
        return new Arithmetic(precision, rowsOrColumns);
    }
}
