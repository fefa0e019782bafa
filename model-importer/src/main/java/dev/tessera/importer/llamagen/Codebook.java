package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.ComputedWeights;

/** The code vectors at unit length: LlamaGen divides each by its norm (at least 1e-12) whenever it looks one up. */
final class Codebook {
    private static final double SMALLEST_NORM = 1e-12;

    private final VqShape shape;
    private final float[] rows;

    Codebook(VqShape shape, StateDict weights) {
        this.shape = shape;
        this.rows = new float[Math.multiplyExact(shape.codes(), shape.dimensions())];
        weights.get(VqShape.MARKER, shape.codes(), shape.dimensions()).weights().read(0, rows, rows.length);
        for (int row = 0; row < shape.codes(); row++) {
            normalise(row * shape.dimensions());
        }
    }

    private void normalise(int from) {
        double squares = 0;
        for (int i = 0; i < shape.dimensions(); i++) {
            squares += (double) rows[from + i] * rows[from + i];
        }
        double norm = Math.max(Math.sqrt(squares), SMALLEST_NORM);
        for (int i = 0; i < shape.dimensions(); i++) {
            rows[from + i] = (float) (rows[from + i] / norm);
        }
    }

    /** [codes, dimensions]. */
    Weights table() {
        return new ComputedWeights(VqShape.MARKER, rows);
    }

    /** [dimensions, codes]. */
    Weights transposed() {
        float[] columns = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            columns[i % shape.dimensions() * shape.codes() + i / shape.dimensions()] = rows[i];
        }
        return new ComputedWeights(VqShape.MARKER, columns);
    }
}
