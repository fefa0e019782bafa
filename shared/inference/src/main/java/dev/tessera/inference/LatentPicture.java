package dev.tessera.inference;

import java.util.Arrays;

/** What an image decoder makes a picture of: a vector for each cell of a square grid, [dimensions, side, side]. Immutable. */
public final class LatentPicture {
    private final int dimensions;
    private final int side;
    private final float[] values;

    /**
     * @param values row-major
     * @throws IllegalArgumentException when there are more or fewer values
     */
    public LatentPicture(int dimensions, int side, float[] values) {
        if (dimensions < 1 || side < 1 || (long) dimensions * side * side != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values are no latent picture of " + dimensions + " x " + side + " x " + side);
        }
        this.dimensions = dimensions;
        this.side = side;
        this.values = values.clone();
    }

    public int dimensions() {
        return dimensions;
    }

    public int side() {
        return side;
    }

    /** A copy, row-major. */
    public float[] values() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatentPicture picture
                && dimensions == picture.dimensions
                && side == picture.side
                && Arrays.equals(values, picture.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "LatentPicture[" + dimensions + " x " + side + " x " + side + "]";
    }
}
