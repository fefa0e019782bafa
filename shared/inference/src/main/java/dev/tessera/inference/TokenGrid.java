package dev.tessera.inference;

import java.util.Arrays;

/** The codebook ids of one picture, in row-major order. Immutable. */
public final class TokenGrid {
    private final int rows;
    private final int columns;
    private final int codebookSize;
    private final int[] ids;

    /**
     * @throws IllegalArgumentException when the number of ids is not rows × columns, or an id is not one of the
     *     codebook's
     */
    public TokenGrid(int rows, int columns, int codebookSize, int[] ids) {
        if (rows < 1 || columns < 1 || (long) rows * columns != ids.length) {
            throw new IllegalArgumentException(ids.length + " ids do not fill a grid of " + rows + " x " + columns);
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= codebookSize) {
                throw new IllegalArgumentException(
                        "id " + ids[i] + " at cell " + i + " is outside the codebook of " + codebookSize);
            }
        }
        this.rows = rows;
        this.columns = columns;
        this.codebookSize = codebookSize;
        this.ids = ids.clone();
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public int codebookSize() {
        return codebookSize;
    }

    /** The id at a cell, counted in row-major order. */
    public int id(int cell) {
        return ids[cell];
    }

    /** A copy. */
    public int[] ids() {
        return ids.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenGrid grid
                && rows == grid.rows
                && columns == grid.columns
                && codebookSize == grid.codebookSize
                && Arrays.equals(ids, grid.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "TokenGrid[" + rows + " x " + columns + " of " + codebookSize + "]";
    }
}
