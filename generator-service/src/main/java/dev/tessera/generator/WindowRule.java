package dev.tessera.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the window of each cell lies on a grid, and which cells may be drawn at one time.
 *
 * <p>A window has its cell in the middle, and stays inside the grid: near a border it stands still. Source:
 * taming-transformers, {@code scripts/sample_conditional.py}.
 *
 * <p>A cell sees of its window what comes before it in raster order, which of the row above reaches at most half a window
 * to the right, and at the left border a whole one. So a row may begin when the row above has drawn the first window, and
 * then never catches up: cells that are {@code lag} columns and one row apart do not see each other.
 *
 * @param rows of the grid, at least the window's
 * @param columns of the grid, at least the window's
 * @param side of the window
 * @param lag columns that each row stays behind the row above: the window's side, or more
 */
record WindowRule(int rows, int columns, int side, int lag) {
    WindowRule {
        if (side < 1 || rows < side || columns < side || lag < side) {
            throw new IllegalArgumentException(
                    "no window of " + side + " slides with a lag of " + lag + " over " + rows + " x " + columns);
        }
    }

    /** As many cells at a time as there can be. */
    static WindowRule waveFront(int rows, int columns, int side) {
        return new WindowRule(rows, columns, side, side);
    }

    /** One cell after the other, row by row. */
    static WindowRule raster(int rows, int columns, int side) {
        return new WindowRule(rows, columns, side, columns);
    }

    /** The grid's row at which the window of a cell in this row begins. */
    int top(int row) {
        return Math.clamp(row - side / 2, 0, rows - side);
    }

    /** The grid's column at which the window of a cell in this column begins. */
    int left(int column) {
        return Math.clamp(column - side / 2, 0, columns - side);
    }

    /** The cell's place in its window, in raster order. */
    int place(Cell cell) {
        return (cell.row() - top(cell.row())) * side + cell.column() - left(cell.column());
    }

    /** Whether the window of the next cell in the row is this cell's. */
    boolean staysForTheNext(Cell cell) {
        return cell.column() + 1 < columns && left(cell.column() + 1) == left(cell.column());
    }

    /** Whether cells of the next row have this cell's window. */
    boolean staysForTheNextRow(Cell cell) {
        return cell.row() + 1 < rows && top(cell.row() + 1) == top(cell.row());
    }

    /** How often cells are drawn. */
    int steps() {
        return columns + lag * (rows - 1);
    }

    /**
     * Whether a cell is drawn after so many steps.
     *
     * @param index of the cell in raster order
     */
    boolean isDrawn(int index, int steps) {
        return index / columns * lag + index % columns < steps;
    }

    /** The cells that are drawn at a step, which do not see each other. */
    List<Cell> cells(int step) {
        List<Cell> cells = new ArrayList<>();
        int first = Math.max(0, Math.ceilDiv(step - columns + 1, lag));
        for (int row = first; row < rows && row * lag <= step; row++) {
            cells.add(new Cell(row, step - row * lag));
        }
        return cells;
    }

    /** One place of the grid. */
    record Cell(int row, int column) {}
}
