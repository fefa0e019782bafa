package dev.tessera.cli.command;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.LogTail;
import dev.tessera.cli.stack.StackService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "logs",
        description = "Print what the services have logged.",
        footerHeading = "%nExamples:%n",
        footer = {"  tessera logs", "  tessera logs -f generator", "  tessera logs -n 200 broker"})
final class LogsCommand implements Callable<Integer> {
    private static final long POLL_MS = 200;

    private final CommandContext context;

    @CommandLine.Parameters(
            arity = "0..*",
            paramLabel = "SERVICE",
            description = "Some of ${COMPLETION-CANDIDATES}; without it all.",
            completionCandidates = Services.class)
    private List<String> names = new ArrayList<>();

    @CommandLine.Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until interrupted.")
    private boolean follow;

    @CommandLine.Option(
            names = {"-n", "--lines"},
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "Lines of each service; ${DEFAULT-VALUE} without it.")
    private int lines;

    LogsCommand(CommandContext context) {
        this.context = context;
    }

    /** For help and completion. */
    static final class Services implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return StackService.keys().iterator();
        }
    }

    @Override
    public Integer call() throws Exception {
        List<StackService> chosen = names.isEmpty()
                ? List.of(StackService.values())
                : names.stream().map(LogsCommand::service).toList();
        List<LogReader> readers = new ArrayList<>();
        for (StackService service : chosen) {
            Path log = LocalStack.log(context.home(), service);
            String prefix = chosen.size() == 1 ? "" : "%-12s | ".formatted(service.key());
            LogTail.lines(log, lines).forEach(line -> print(prefix, line));
            readers.add(new LogReader(log, line -> print(prefix, line)));
        }
        context.terminal().out().flush();
        while (follow) {
            for (LogReader reader : readers) {
                reader.poll();
            }
            context.terminal().out().flush();
            Thread.sleep(POLL_MS);
        }
        return CommandLine.ExitCode.OK;
    }

    private static StackService service(String name) {
        return StackService.of(name)
                .orElseThrow(() -> new CommandException(
                        CommandException.Reason.USAGE,
                        "'" + name + "' is not one of " + String.join(", ", StackService.keys())));
    }

    private void print(String prefix, String line) {
        context.terminal().out().println(prefix + line);
    }
}
