package dev.tessera.importer.graph;

import dev.tessera.importer.checkpoint.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as whole numbers from −127 to 127, halves to even, and a scale for each of its columns. The matrix is read piece
 * by piece, once for the scales and once for the numbers.
 */
final class QuantisedMatrix {
    static final int LARGEST = 127;
    private static final int CHUNK = 1 << 16;

    private final Matrix matrix;
    private final int columns;
    private float @Nullable [] scales;

    QuantisedMatrix(Matrix matrix) {
        this.matrix = matrix;
        this.columns = Math.toIntExact(matrix.columns());
    }

    /** The largest magnitude of each column over 127; 1 for a column of nothing. */
    Weights scales() {
        return new Part(columns) {
            @Override
            public void read(long from, float[] into, int count) {
                System.arraycopy(columnScales(), Math.toIntExact(from), into, 0, count);
            }
        };
    }

    /** The whole numbers, row after row. */
    Weights values() {
        return new Part(matrix.weights().elements()) {
            @Override
            public void read(long from, float[] into, int count) {
                float[] scale = columnScales();
                matrix.weights().read(from, into, count);
                int column = (int) (from % columns);
                for (int i = 0; i < count; i++) {
                    into[i] = (float) Math.rint(into[i] / scale[column]);
                    column = column + 1 == columns ? 0 : column + 1;
                }
            }
        };
    }

    private float[] columnScales() {
        float[] known = scales;
        if (known == null) {
            known = magnitudes();
            for (int column = 0; column < columns; column++) {
                float scale = known[column] / LARGEST;
                // What is smaller cannot be divided by any more.
                known[column] = scale < Float.MIN_NORMAL ? 1 : scale;
            }
            scales = known;
        }
        return known;
    }

    private float[] magnitudes() {
        float[] largest = new float[columns];
        float[] values = new float[CHUNK];
        long elements = matrix.weights().elements();
        int column = 0;
        for (long from = 0; from < elements; from += CHUNK) {
            int count = (int) Math.min(CHUNK, elements - from);
            matrix.weights().read(from, values, count);
            for (int i = 0; i < count; i++) {
                largest[column] = Math.max(largest[column], Math.abs(values[i]));
                column = column + 1 == columns ? 0 : column + 1;
            }
        }
        return largest;
    }

    private abstract class Part implements Weights {
        private final long elements;

        Part(long elements) {
            this.elements = elements;
        }

        @Override
        public String name() {
            return matrix.weights().name();
        }

        @Override
        public long elements() {
            return elements;
        }
    }
}
