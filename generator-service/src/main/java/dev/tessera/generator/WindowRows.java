package dev.tessera.generator;

import dev.tessera.generator.WindowRule.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which window sits in which row of a model's cache. The rows in use are always the first ones. A window that stays put
 * along the row of cells comes first: for it a dormant one is dropped. What is dropped, or finds no room, is read again
 * when it is needed; tokens do not depend on it.
 */
final class WindowRows {
    private final WindowModel model;
    private final List<KeptWindow> windows = new ArrayList<>();

    WindowRows(WindowModel model) {
        this.model = model;
    }

    /** The cell's window in a row, if it stays for other cells and there is room. */
    Optional<KeptWindow> seat(WindowImage image, Cell cell) {
        Optional<KeptWindow> kept = image.window(cell);
        if (kept.isEmpty()) {
            kept = admitted(image, cell);
        }
        kept.ifPresent(window -> window.sleep(false));
        return kept;
    }

    private Optional<KeptWindow> admitted(WindowImage image, Cell cell) {
        boolean urgent = image.rule().staysForTheNext(cell);
        if (!urgent && !image.rule().staysForTheNextRow(cell)) {
            return Optional.empty();
        }
        if (windows.size() < model.rows()) {
            KeptWindow window = image.keep(cell, windows.size());
            windows.add(window);
            return Optional.of(window);
        }
        return urgent ? dormant().map(victim -> replaced(victim, image, cell)) : Optional.empty();
    }

    private Optional<KeptWindow> dormant() {
        return windows.stream().filter(KeptWindow::dormant).findFirst();
    }

    private KeptWindow replaced(KeptWindow victim, WindowImage image, Cell cell) {
        victim.owner().forget(victim);
        KeptWindow window = image.keep(cell, victim.row());
        windows.set(victim.row(), window);
        return window;
    }

    /** After the cell has been drawn: lets go of its window when it was the last, which the last row's then replaces. */
    void leave(WindowImage image, Cell cell) {
        image.window(cell).ifPresent(window -> {
            if (!image.rule().staysForTheNext(cell)) {
                window.sleep(true);
                if (!image.rule().staysForTheNextRow(cell)) {
                    release(window);
                }
            }
        });
    }

    void releaseAll(WindowImage image) {
        image.windows().forEach(this::release);
    }

    private void release(KeptWindow window) {
        window.owner().forget(window);
        KeptWindow last = windows.removeLast();
        if (last != window) {
            model.copyRow(last.row(), window.row(), last.filled());
            last.moveTo(window.row());
            windows.set(window.row(), last);
        }
    }

    void clear() {
        windows.forEach(window -> window.owner().forget(window));
        windows.clear();
    }
}
