package dev.tessera.cli.command;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackService;
import dev.tessera.cli.stack.StackSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "up",
        description = "Start a Kafka broker, an S3 server and the services on this machine.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera up",
            "  tessera up --port 8080",
            "  tessera up --models ~/models/llamagen-b --set generator:tessera.work.slots=4"
        })
final class UpCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Mixin
    private StackOptions options = new StackOptions();

    @CommandLine.Option(names = "--json", description = "Print the stack's description as JSON.")
    private boolean json;

    UpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        StackSettings settings = options.settings(context);
        context.terminal().err().println("starting the stack in " + context.display(settings.home()));
        LocalStack stack = LocalStack.start(settings, new StackReport(context.terminal()));
        if (json) {
            context.terminal().out().println(StackDescription.json(stack.status()));
            return CommandLine.ExitCode.OK;
        }
        context.terminal().out().println("gateway   " + stack.gateway());
        context.terminal().out().println("kafka     " + stack.ports().bootstrapServers());
        context.terminal().out().println("s3        " + stack.ports().url(StackService.OBJECT_STORE));
        context.terminal()
                .out()
                .println("logs      " + context.display(settings.home().resolve("logs")));
        context.terminal().out().println("stop with tessera down");
        return CommandLine.ExitCode.OK;
    }
}
