package dev.tessera.inference;

/** The vectors of a codebook, [codes, dimensions], row-major. Immutable. */
public final class CodeVectors {
    private final int dimensions;
    private final float[] values;

    /** @throws IllegalArgumentException when the values are no whole number of vectors */
    public CodeVectors(int dimensions, float[] values) {
        if (dimensions < 1 || values.length % dimensions != 0) {
            throw new IllegalArgumentException(values.length + " values are no vectors of " + dimensions);
        }
        this.dimensions = dimensions;
        this.values = values.clone();
    }

    public int codes() {
        return values.length / dimensions;
    }

    public int dimensions() {
        return dimensions;
    }

    /** Puts a code's vector into an array, from the offset on. */
    public void copy(int code, float[] target, int offset) {
        System.arraycopy(values, code * dimensions, target, offset, dimensions);
    }

    /** Adds so much of a code's vector to a sum. */
    void addTo(double[] sum, int code, double weight) {
        int first = code * dimensions;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * values[first + i];
        }
    }

    @Override
    public String toString() {
        return "CodeVectors[" + codes() + " of " + dimensions + " dimensions]";
    }
}
