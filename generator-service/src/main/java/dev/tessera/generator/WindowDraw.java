package dev.tessera.generator;

import dev.tessera.generator.WindowRule.Cell;
import java.util.Optional;

/**
 * One cell to draw.
 *
 * @param window in which its sequence is remembered; absent where the sequence is read and forgotten
 * @param part what the network reads of its sequence
 */
record WindowDraw(WindowImage image, Cell cell, Optional<KeptWindow> window, SequencePart part) {
    boolean remembered() {
        return window.isPresent();
    }

    /** Of the cache. */
    int row() {
        return window.orElseThrow().row();
    }

    int length() {
        return part.length();
    }

    /** Whether it can share a run with the one before; both are remembered. */
    boolean follows(WindowDraw before) {
        return row() == before.row() + 1 && length() == before.length() && (length() == 1 || begins(before));
    }

    /** Longer parts can share a run when nothing comes before them; more ONNX Runtime's attention does not do. */
    private boolean begins(WindowDraw before) {
        return part.first() == 0 && before.part.first() == 0;
    }
}
