package dev.tessera.inference;

import java.util.Arrays;

/** Which cells of a token grid are made anew, and which stay. Immutable. */
public final class CellMask {
    private final int rows;
    private final int columns;
    private final byte[] redrawn;

    /**
     * A mask by its cells.
     *
     * @param redrawn row-major, 1 where a cell is made anew and 0 where it stays
     * @throws IllegalArgumentException when these do not fill the grid, or one is something else
     */
    public CellMask(int rows, int columns, byte[] redrawn) {
        requireFilled(rows, columns, redrawn);
        this.rows = rows;
        this.columns = columns;
        this.redrawn = redrawn.clone();
    }

    /**
     * The mask that a mask of pixels leads to: a cell is made anew when any of its pixels is.
     *
     * @param pixels row-major, 1 where the picture is made anew and 0 where it stays
     * @throws IllegalArgumentException when these do not fill the picture, or the cells do not divide it
     */
    public static CellMask ofPixels(int rows, int columns, byte[] pixels, int width, int height) {
        requireFilled(height, width, pixels);
        if (width % columns != 0 || height % rows != 0) {
            throw new IllegalArgumentException(rows + " x " + columns + " cells do not divide a picture " + width
                    + " wide and " + height + " high");
        }
        byte[] cells = new byte[rows * columns];
        for (int i = 0; i < pixels.length; i++) {
            int cell = i / width * rows / height * columns + i % width * columns / width;
            cells[cell] |= pixels[i];
        }
        return new CellMask(rows, columns, cells);
    }

    private static void requireFilled(int rows, int columns, byte[] values) {
        if (rows < 1 || columns < 1 || (long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill a mask of " + rows + " x " + columns);
        }
        for (byte value : values) {
            if (value != 0 && value != 1) {
                throw new IllegalArgumentException("a mask has ones and zeros, not " + value);
            }
        }
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Whether a cell is made anew; counted in row-major order. */
    public boolean isRedrawn(int cell) {
        return redrawn[cell] == 1;
    }

    /** Ones and zeros as the constructor takes them; a copy. */
    public byte[] cells() {
        return redrawn.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CellMask mask
                && rows == mask.rows
                && columns == mask.columns
                && Arrays.equals(redrawn, mask.redrawn);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(redrawn);
    }

    @Override
    public String toString() {
        return "CellMask[" + rows + " x " + columns + "]";
    }
}
