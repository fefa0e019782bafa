package dev.tessera.evaluation;

import dev.tessera.evaluation.EvaluationException.Reason;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * How much two sets cover each other (Kynkäänniemi et al. 2019, arXiv 1904.06991). Around each vector of a set lies a ball that reaches to its
 * k-th nearest neighbour in that set; a vector is covered when it lies in any ball of the other set.
 *
 * @param precision share of the generated that the reference covers: how real they are
 * @param recall share of the reference that the generated cover: how much of it they reach
 */
public record ManifoldOverlap(double precision, double recall) {
    /** The usual choice. */
    public static final int NEIGHBOURS = 3;

    private static final int BLOCK = 512;

    /** @throws EvaluationException when a set has no more vectors than there are neighbours, or their widths differ */
    public static ManifoldOverlap of(Features generated, Features reference, int neighbours) {
        int least = Math.min(generated.count(), reference.count());
        if (neighbours < 1 || least <= neighbours || generated.width() != reference.width()) {
            throw new EvaluationException(
                    Reason.UNUSABLE_SET,
                    "precision and recall by " + neighbours
                            + " neighbours take two sets of more vectors, of one width");
        }
        return new ManifoldOverlap(
                covered(generated, reference, radii(reference, neighbours)),
                covered(reference, generated, radii(generated, neighbours)));
    }

    /** Squared, to the k-th nearest other. */
    private static double[] radii(Features set, int neighbours) {
        double[] radii = new double[set.count()];
        for (int from = 0; from < set.count(); from += BLOCK) {
            DMatrixRMaj distances = distances(set, from, set);
            for (int row = 0; row < distances.numRows; row++) {
                double[] sorted = row(distances, row);
                Arrays.sort(sorted);
                // The nearest is the vector itself.
                radii[from + row] = sorted[neighbours];
            }
        }
        return radii;
    }

    private static double covered(Features set, Features by, double[] radii) {
        int covered = 0;
        for (int from = 0; from < set.count(); from += BLOCK) {
            DMatrixRMaj distances = distances(set, from, by);
            for (int row = 0; row < distances.numRows; row++) {
                covered += isCovered(distances, row, radii) ? 1 : 0;
            }
        }
        return (double) covered / set.count();
    }

    private static boolean isCovered(DMatrixRMaj distances, int row, double[] radii) {
        for (int column = 0; column < radii.length; column++) {
            if (distances.unsafe_get(row, column) <= radii[column]) {
                return true;
            }
        }
        return false;
    }

    private static double[] row(DMatrixRMaj matrix, int row) {
        return Arrays.copyOfRange(matrix.data, row * matrix.numCols, (row + 1) * matrix.numCols);
    }

    /** Squared, of a block of one set from all of another: |a|² + |b|² - 2ab. */
    private static DMatrixRMaj distances(Features set, int from, Features others) {
        DMatrixRMaj block = set.rows(from, Math.min(set.count(), from + BLOCK));
        DMatrixRMaj all = others.rows(0, others.count());
        var distances = new DMatrixRMaj(block.numRows, all.numRows);
        CommonOps_DDRM.multTransB(-2, block, all, distances);
        double[] own = squares(block);
        double[] theirs = squares(all);
        for (int row = 0; row < own.length; row++) {
            for (int column = 0; column < theirs.length; column++) {
                double squared = distances.unsafe_get(row, column) + own[row] + theirs[column];
                distances.unsafe_set(row, column, Math.max(0, squared));
            }
        }
        return distances;
    }

    private static double[] squares(DMatrixRMaj rows) {
        double[] squares = new double[rows.numRows];
        for (int row = 0; row < squares.length; row++) {
            for (int column = 0; column < rows.numCols; column++) {
                squares[row] += rows.unsafe_get(row, column) * rows.unsafe_get(row, column);
            }
        }
        return squares;
    }
}
