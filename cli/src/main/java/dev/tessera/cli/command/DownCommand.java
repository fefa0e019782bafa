package dev.tessera.cli.command;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackSettings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "down",
        description = {
            "Stop what 'tessera up' has started, and nothing else.",
            "Jobs that are not finished go on at the next start."
        },
        footerHeading = "%nExamples:%n",
        footer = "  tessera down")
final class DownCommand implements Callable<Integer> {
    private final CommandContext context;

    DownCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        StackSettings settings = StackSettings.of(context.installation(), context.home(), List.of());
        Optional<LocalStack> stack = LocalStack.find(settings);
        if (stack.isEmpty()) {
            context.terminal().err().println("no stack runs in " + context.display(context.home()));
            return CommandLine.ExitCode.OK;
        }
        stack.get().stop(new StackReport(context.terminal()));
        return CommandLine.ExitCode.OK;
    }
}
