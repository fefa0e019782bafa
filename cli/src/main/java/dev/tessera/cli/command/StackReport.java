package dev.tessera.cli.command;

import dev.tessera.cli.stack.StackListener;
import dev.tessera.cli.stack.StackService;
import dev.tessera.cli.terminal.Terminal;
import java.time.Duration;
import java.util.Locale;

/** Tells a person how the stack starts and stops. */
final class StackReport implements StackListener {
    private final Terminal terminal;

    StackReport(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void ready(StackService service, Duration elapsed) {
        terminal.err().printf(Locale.ROOT, "  %-13s ready after %4.1f s%n", service.key(), elapsed.toMillis() / 1000.0);
    }

    @Override
    public void stopping(StackService service, boolean writesCache) {
        if (writesCache) {
            terminal.err().printf("  %-13s writes its startup cache, once%n", service.key());
        }
    }

    @Override
    public void stopped(StackService service, boolean willingly) {
        terminal.err().printf("  %-13s %s%n", service.key(), willingly ? "stopped" : "killed, it did not stop");
    }
}
