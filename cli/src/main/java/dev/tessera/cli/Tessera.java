package dev.tessera.cli;

import dev.tessera.cli.command.CommandContext;
import dev.tessera.cli.command.RootCommand;

/** Where the command begins. */
public final class Tessera {
    private Tessera() {}

    public static void main(String[] arguments) {
        System.exit(RootCommand.commandLine(CommandContext.system()).execute(arguments));
    }
}
