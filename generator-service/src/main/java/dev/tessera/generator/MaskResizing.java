package dev.tessera.generator;

import dev.tessera.inference.CellMask;

/**
 * A square mask on a coarser grid, as VAR's editing has it: resized bilinearly with half-pixel centres and no smoothing, and
 * a cell is kept when more than half of it is. In single precision, in PyTorch's order and with one rounding of the
 * centre as its builds for processors and GPUs have it: cells at one half fall to the same side.
 */
final class MaskResizing {
    /** So few tokens are all kept. */
    private static final int ALWAYS_KEPT = 3;

    private final CellMask mask;

    private MaskResizing(CellMask mask) {
        this.mask = mask;
    }

    /** Of each cell of the coarser grid, row-major. */
    static boolean[] kept(CellMask mask, int side) {
        boolean[] kept = new boolean[side * side];
        var resizing = new MaskResizing(mask);
        for (int cell = 0; cell < kept.length; cell++) {
            kept[cell] = kept.length <= ALWAYS_KEPT || resizing.share(cell / side, cell % side, side) > 0.5f;
        }
        return kept;
    }

    private float share(int row, int column, int side) {
        Between rows = Between.of(row, mask.rows(), side);
        Between columns = Between.of(column, mask.columns(), side);
        return rows.first() * along(rows.from(), columns) + rows.second() * along(rows.to(), columns);
    }

    private float along(int row, Between columns) {
        return columns.first() * kept(row, columns.from()) + columns.second() * kept(row, columns.to());
    }

    private float kept(int row, int column) {
        return mask.isRedrawn(row * mask.columns() + column) ? 0 : 1;
    }

    /** Two neighbours and how much of each. */
    private record Between(int from, int to, float first, float second) {
        static Between of(int place, int from, int to) {
            float centre = Math.max(0, Math.fma((float) from / to, place + 0.5f, -0.5f));
            int lower = Math.min((int) centre, from - 1);
            float second = centre - lower;
            return new Between(lower, Math.min(lower + 1, from - 1), 1 - second, second);
        }
    }
}
