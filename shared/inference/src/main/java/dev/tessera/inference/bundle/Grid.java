package dev.tessera.inference.bundle;

public record Grid(int rows, int columns) {
    public Grid {
        Numbers.requirePositive("grid.rows", rows);
        Numbers.requirePositive("grid.columns", columns);
    }

    /** Number of tokens of one image. */
    public int tokens() {
        return rows * columns;
    }
}
