package dev.tessera.generator;

import dev.tessera.generator.WindowRule.Cell;

/** A window that stands still for more than one cell, so that what the network read of it is kept in a row of the cache. */
final class KeptWindow {
    private final WindowImage owner;
    private final Cell corner;
    private int row;
    private int filled;
    private boolean dormant;

    KeptWindow(WindowImage owner, Cell corner, int row) {
        this.owner = owner;
        this.corner = corner;
        this.row = row;
    }

    WindowImage owner() {
        return owner;
    }

    /** Where on the grid it begins. */
    Cell corner() {
        return corner;
    }

    /** Of the cache. */
    int row() {
        return row;
    }

    void moveTo(int otherRow) {
        row = otherRow;
    }

    /** How many tokens of its sequence the cache has. */
    int filled() {
        return filled;
    }

    void fill(int length) {
        filled = length;
    }

    /** Whether no cell needs it before a later row; until then it may be dropped. */
    boolean dormant() {
        return dormant;
    }

    void sleep(boolean untilLaterRow) {
        dormant = untilLaterRow;
    }
}
