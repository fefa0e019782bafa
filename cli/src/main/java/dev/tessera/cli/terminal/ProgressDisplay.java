package dev.tessera.cli.terminal;

/**
 * Shows progress on the error stream: one line that is rewritten where a person watches, and elsewhere a line at each new
 * status and at each quarter of the tokens.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final String ERASE_LINE = "\r\u001b[2K";
    private static final int STEPS = 4;

    private final Terminal terminal;
    private String lastStatus = "";
    private int lastStep = -1;
    private boolean drawn;

    public ProgressDisplay(Terminal terminal) {
        this.terminal = terminal;
    }

    public void show(Progress progress) {
        if (terminal.interactive()) {
            terminal.err().print(ERASE_LINE + ProgressBar.bar(progress, terminal.width() - 1));
            terminal.err().flush();
            drawn = true;
            return;
        }
        int step = (int) (progress.fraction() * STEPS);
        if (!progress.status().equals(lastStatus) || step != lastStep) {
            terminal.err().println(ProgressBar.line(progress));
            lastStatus = progress.status();
            lastStep = step;
        }
    }

    /** Removes the bar, so that what follows begins on a clean line. */
    @Override
    public void close() {
        if (drawn) {
            terminal.err().print(ERASE_LINE);
            terminal.err().flush();
            drawn = false;
        }
    }
}
