package dev.tessera.cli.command;

import dev.tessera.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** One run of the command line in a directory of its own, with what it wrote. */
final class CommandRun {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final int exitCode;

    private CommandRun(Path directory, Map<String, String> environment, String... arguments) {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, false, 100);
        CommandContext context = new CommandContext(
                terminal, directory.resolve("installation"), directory.resolve("home"), directory, environment);
        exitCode = RootCommand.commandLine(context).execute(arguments);
    }

    static CommandRun in(Path directory, String... arguments) {
        return new CommandRun(directory, Map.of(), arguments);
    }

    int exitCode() {
        return exitCode;
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
