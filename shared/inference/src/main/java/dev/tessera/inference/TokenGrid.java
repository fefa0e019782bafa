package dev.tessera.inference;

import java.util.Arrays;
import java.util.List;

/**
 * The codebook ids of one picture: of one grid in row-major order, or of several square grids, each in row-major order,
 * one after the other from coarse to fine. Immutable.
 */
public final class TokenGrid {
    private final int rows;
    private final int columns;
    private final List<Integer> scales;
    private final int codebookSize;
    private final int[] ids;

    /**
     * One grid.
     *
     * @throws IllegalArgumentException when the number of ids is not rows × columns, or an id is not one of the
     *     codebook's
     */
    public TokenGrid(int rows, int columns, int codebookSize, int[] ids) {
        this(rows, columns, List.of(), codebookSize, ids);
    }

    private TokenGrid(int rows, int columns, List<Integer> scales, int codebookSize, int[] ids) {
        if (rows < 1 || columns < 1 || cells(rows, columns, scales) != ids.length) {
            throw new IllegalArgumentException(ids.length + " ids do not fill "
                    + (scales.isEmpty() ? "a grid of " + rows + " x " + columns : "square grids of sides " + scales));
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= codebookSize) {
                throw new IllegalArgumentException(
                        "id " + ids[i] + " at cell " + i + " is outside the codebook of " + codebookSize);
            }
        }
        this.rows = rows;
        this.columns = columns;
        this.scales = scales;
        this.codebookSize = codebookSize;
        this.ids = ids.clone();
    }

    /**
     * Several square grids.
     *
     * @param sides of the grids, from coarse to fine
     * @throws IllegalArgumentException when the ids do not fill the grids, or one is not of the codebook
     */
    public static TokenGrid ofScales(List<Integer> sides, int codebookSize, int[] ids) {
        if (sides.isEmpty() || sides.stream().anyMatch(side -> side < 1)) {
            throw new IllegalArgumentException("there are no grids of sides " + sides);
        }
        int finest = sides.getLast();
        return new TokenGrid(finest, finest, List.copyOf(sides), codebookSize, ids);
    }

    private static long cells(int rows, int columns, List<Integer> scales) {
        return scales.isEmpty()
                ? (long) rows * columns
                : scales.stream().mapToLong(side -> (long) side * side).sum();
    }

    /** Of the finest grid. */
    public int rows() {
        return rows;
    }

    /** Of the finest grid. */
    public int columns() {
        return columns;
    }

    /** Sides of the grids from coarse to fine; empty where there is only one grid. */
    public List<Integer> scales() {
        return scales;
    }

    public int codebookSize() {
        return codebookSize;
    }

    /** Number of ids, of all grids. */
    public int size() {
        return ids.length;
    }

    /** The id at a cell, counted over all grids. */
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
                && scales.equals(grid.scales)
                && codebookSize == grid.codebookSize
                && Arrays.equals(ids, grid.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "TokenGrid[" + rows + " x " + columns + (scales.isEmpty() ? "" : " after " + scales) + " of "
                + codebookSize + "]";
    }
}
