package dev.tessera.cli.command;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackSettings;
import dev.tessera.cli.stack.StackStatus;
import dev.tessera.cli.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "status",
        description = "Say how the stack is; the exit code is 0 if it is ready.",
        footerHeading = "%nExamples:%n",
        footer = {"  tessera status", "  tessera status --json"})
final class StatusCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(names = "--json", description = "Print JSON.")
    private boolean json;

    StatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Optional<StackStatus> status = LocalStack.find(
                        StackSettings.of(context.installation(), context.home(), List.of()))
                .map(LocalStack::status);
        if (status.isEmpty()) {
            context.terminal()
                    .out()
                    .println(json ? "{\"status\":\"stopped\"}" : "no stack runs in " + context.display(context.home()));
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (json) {
            context.terminal().out().println(StackDescription.json(status.get()));
        } else {
            print(status.get());
        }
        return status.get().condition() == StackStatus.Condition.READY
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private void print(StackStatus status) {
        Terminal terminal = context.terminal();
        terminal.out().println(StackDescription.key(status.condition()) + " in " + context.display(status.home()));
        for (StackStatus.ServiceStatus service : status.services()) {
            String health = "%-9s".formatted(StackDescription.key(service.health()));
            terminal.out()
                    .printf(
                            "  %-13s %s 127.0.0.1:%-6d pid %-8d %s%n",
                            service.service().key(),
                            terminal.coloured(colour(service.health()), health),
                            service.port(),
                            service.pid(),
                            context.display(service.log()));
        }
    }

    private static Terminal.Colour colour(StackStatus.Health health) {
        return switch (health) {
            case READY -> Terminal.Colour.GREEN;
            case NOT_READY -> Terminal.Colour.YELLOW;
            case CRASHED -> Terminal.Colour.RED;
        };
    }
}
