package dev.tessera.cli.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;

@CommandLine.Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(tessera completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        context.terminal().out().print(AutoComplete.bash(root.getCommandName(), root));
        context.terminal().out().flush();
        return CommandLine.ExitCode.OK;
    }
}
