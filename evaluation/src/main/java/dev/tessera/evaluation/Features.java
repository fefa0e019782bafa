package dev.tessera.evaluation;

import dev.tessera.evaluation.EvaluationException.Reason;
import java.util.Collection;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** One vector of numbers for each picture or text of a set, all of one width. Immutable. */
public final class Features {
    private final DMatrixRMaj rows;

    private Features(DMatrixRMaj rows) {
        this.rows = rows;
    }

    /** @throws EvaluationException when there are none, widths differ, or one has something that is not a finite number */
    public static Features of(Collection<float[]> vectors) {
        List<float[]> all = List.copyOf(vectors);
        if (all.isEmpty()) {
            throw new EvaluationException(Reason.UNUSABLE_SET, "there is nothing to measure");
        }
        var rows = new DMatrixRMaj(all.size(), all.getFirst().length);
        for (int row = 0; row < all.size(); row++) {
            float[] vector = all.get(row);
            if (vector.length != rows.numCols) {
                throw new EvaluationException(
                        Reason.UNUSABLE_SET, "features have " + vector.length + " numbers and " + rows.numCols);
            }
            for (int column = 0; column < vector.length; column++) {
                rows.unsafe_set(row, column, finite(vector[column], row));
            }
        }
        return new Features(rows);
    }

    private static float finite(float number, int row) {
        if (!Float.isFinite(number)) {
            throw new EvaluationException(Reason.FEATURES_INVALID, "feature vector " + row + " has " + number);
        }
        return number;
    }

    public int count() {
        return rows.numRows;
    }

    public int width() {
        return rows.numCols;
    }

    double get(int row, int column) {
        return rows.unsafe_get(row, column);
    }

    /** Of some rows: [to - from, width]. */
    DMatrixRMaj rows(int from, int to) {
        return CommonOps_DDRM.extract(rows, from, to, 0, rows.numCols);
    }

    /** [1, width]. */
    DMatrixRMaj mean() {
        DMatrixRMaj mean = CommonOps_DDRM.sumCols(rows, null);
        CommonOps_DDRM.scale(1.0 / rows.numRows, mean);
        return mean;
    }

    /** From the mean, each divided by the root of one less than the count: [count, width]. Their product with themselves is {@link #covariance}. */
    DMatrixRMaj deviations() {
        DMatrixRMaj mean = mean();
        DMatrixRMaj deviations = rows.copy();
        double scale = 1 / Math.sqrt(rows.numRows - 1);
        for (int row = 0; row < rows.numRows; row++) {
            for (int column = 0; column < rows.numCols; column++) {
                deviations.unsafe_set(row, column, scale * (deviations.unsafe_get(row, column) - mean.get(column)));
            }
        }
        return deviations;
    }

    /** Unbiased, [width, width]: divided by one less than the count. */
    DMatrixRMaj covariance() {
        DMatrixRMaj deviations = deviations();
        var covariance = new DMatrixRMaj(rows.numCols, rows.numCols);
        CommonOps_DDRM.multTransA(deviations, deviations, covariance);
        return covariance;
    }
}
