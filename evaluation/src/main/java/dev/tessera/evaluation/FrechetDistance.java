package dev.tessera.evaluation;

import dev.tessera.evaluation.EvaluationException.Reason;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * How far two sets are apart as normal distributions: |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½) of their means and covariances. On pooled
 * Inception features it is FID (Heusel et al. 2017, arXiv 1706.08500), on spatial ones sFID (Nash et al. 2021, arXiv 2103.03841).
 */
public final class FrechetDistance {
    private FrechetDistance() {}

    /**
     * 0 for equal sets; grows as they differ, and, with few pictures, as they are few.
     *
     * @throws EvaluationException when a set has fewer than two vectors, or their widths differ
     */
    public static double between(Features one, Features other) {
        if (one.width() != other.width() || one.count() < 2 || other.count() < 2) {
            throw new EvaluationException(
                    Reason.UNUSABLE_SET,
                    "a Fréchet distance takes two sets of at least two vectors of one width, not " + one.count()
                            + " of " + one.width() + " and " + other.count() + " of " + other.width());
        }
        var difference = new DMatrixRMaj(1, one.width());
        CommonOps_DDRM.subtract(one.mean(), other.mean(), difference);
        double means = Math.pow(NormOps_DDRM.normF(difference), 2);
        double traces =
                Math.pow(NormOps_DDRM.normF(one.deviations()), 2) + Math.pow(NormOps_DDRM.normF(other.deviations()), 2);
        boolean few = Math.max(one.count(), other.count()) <= one.width();
        double root = few ? rootOfFew(one.deviations(), other.deviations()) : rootOfMany(one, other);
        return Math.max(0, means + traces - 2 * root);
    }

    /**
     * tr((C1 C2)^½) by matrices of the sets' sizes: where C1 = A'A and C2 = B'B, the eigenvalues of C1 C2 are the squares of the singular
     * values of AB'.
     */
    static double rootOfFew(DMatrixRMaj first, DMatrixRMaj second) {
        var crossed = new DMatrixRMaj(first.numRows, second.numRows);
        CommonOps_DDRM.multTransB(first, second, crossed);
        SingularValueDecomposition_F64<DMatrixRMaj> values =
                DecompositionFactory_DDRM.svd(crossed.numRows, crossed.numCols, false, false, true);
        if (!values.decompose(crossed)) {
            throw notFound();
        }
        return Arrays.stream(values.getSingularValues(), 0, values.numberOfSingularValues())
                .sum();
    }

    /** tr((C1 C2)^½) by matrices of the features' width: its eigenvalues are those of the symmetric C1^½ C2 C1^½. */
    static double rootOfMany(Features one, Features other) {
        DMatrixRMaj root = root(one.covariance());
        var half = new DMatrixRMaj(root.numRows, root.numCols);
        CommonOps_DDRM.mult(root, other.covariance(), half);
        var product = new DMatrixRMaj(root.numRows, root.numCols);
        CommonOps_DDRM.mult(half, root, product);
        EigenDecomposition_F64<DMatrixRMaj> eigen = decomposed(product, false);
        double trace = 0;
        for (int i = 0; i < eigen.getNumberOfEigenvalues(); i++) {
            trace += Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
        }
        return trace;
    }

    private static DMatrixRMaj root(DMatrixRMaj symmetric) {
        EigenDecomposition_F64<DMatrixRMaj> eigen = decomposed(symmetric, true);
        var root = new DMatrixRMaj(symmetric.numRows, symmetric.numCols);
        for (int i = 0; i < eigen.getNumberOfEigenvalues(); i++) {
            double value = Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
            DMatrixRMaj vector = eigen.getEigenVector(i);
            CommonOps_DDRM.multAddTransB(value, vector, vector, root);
        }
        return root;
    }

    private static EigenDecomposition_F64<DMatrixRMaj> decomposed(DMatrixRMaj symmetric, boolean vectors) {
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(symmetric.numRows, vectors, true);
        if (!eigen.decompose(symmetric.copy())) {
            throw notFound();
        }
        return eigen;
    }

    private static EvaluationException notFound() {
        return new EvaluationException(Reason.FEATURES_INVALID, "a covariance has no eigenvalues that can be found");
    }
}
