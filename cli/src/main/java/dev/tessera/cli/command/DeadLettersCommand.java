package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tessera.cli.client.ClientException;
import dev.tessera.cli.client.DeadLetter;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "dead-letters",
        description = "List, show and replay work that was given up.",
        subcommands = {
            DeadLettersCommand.ListLetters.class,
            DeadLettersCommand.ShowLetter.class,
            DeadLettersCommand.ReplayLetters.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera dead-letters list",
            "  tessera dead-letters show 17",
            "  tessera dead-letters replay 17",
            "  tessera dead-letters replay --all"
        })
final class DeadLettersCommand {
    private static final String FORMAT = "%-8s  %-24s  %-36s  %-16s  %-9s  %-20s  %s%n";

    private DeadLettersCommand() {}

    private static void print(PrintWriter out, DeadLetter letter) {
        out.printf(
                FORMAT,
                letter.id(),
                letter.buriedAt(),
                letter.job(),
                letter.model(),
                letter.stage(),
                letter.reason(),
                letter.replay()
                        .map(replay -> replay.job() + " " + replay.status())
                        .orElse("-"));
    }

    @CommandLine.Command(
            name = "list",
            description = "List dead letters, the newest first.",
            footerHeading = "%nExamples:%n",
            footer = {"  tessera dead-letters list", "  tessera dead-letters list --before 17 --limit 100 --json"})
    static final class ListLetters implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Option(
                names = "--limit",
                paramLabel = "COUNT",
                defaultValue = "20",
                description = "Most letters to list, up to 100; ${DEFAULT-VALUE} without it.")
        private int limit;

        @CommandLine.Option(
                names = "--before",
                paramLabel = "LETTER",
                defaultValue = "",
                description = "List only letters that are older than this one.")
        private String before = "";

        @CommandLine.Option(names = "--json", description = "Print all that the gateway says.")
        private boolean json;

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        ListLetters(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                List<DeadLetter> letters = client.deadLetters(limit, before);
                PrintWriter out = context.terminal().out();
                if (json) {
                    ArrayNode all = JsonNodeFactory.instance.arrayNode();
                    letters.forEach(letter -> all.add(letter.json()));
                    out.println(all.toPrettyString());
                    return CommandLine.ExitCode.OK;
                }
                out.printf(FORMAT, "letter", "given up", "job", "model", "stage", "reason", "replay");
                letters.forEach(letter -> print(out, letter));
                return CommandLine.ExitCode.OK;
            }
        }
    }

    @CommandLine.Command(
            name = "show",
            description = "Show one dead letter: whose work it was, and why it was given up.",
            footerHeading = "%nExamples:%n",
            footer = {"  tessera dead-letters show 17", "  tessera dead-letters show 17 --json"})
    static final class ShowLetter implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Parameters(paramLabel = "LETTER", description = "The letter's id.")
        private String id = "";

        @CommandLine.Option(names = "--json", description = "Print all that the gateway says.")
        private boolean json;

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        ShowLetter(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                DeadLetter letter = client.deadLetter(id);
                PrintWriter out = context.terminal().out();
                if (json) {
                    out.println(letter.json().toPrettyString());
                    return CommandLine.ExitCode.OK;
                }
                out.println("letter:    " + letter.id());
                out.println("given up:  " + letter.buriedAt());
                out.println("job:       " + letter.job() + " of " + letter.tenant());
                out.println("work:      " + letter.stage() + " of " + letter.model());
                out.println("reason:    " + letter.reason() + " in attempt " + letter.attempt());
                out.println("detail:    " + letter.detail());
                out.println("replay:    "
                        + letter.replay()
                                .map(replay -> replay.job() + " " + replay.status())
                                .orElse("none"));
                return CommandLine.ExitCode.OK;
            }
        }
    }

    @CommandLine.Command(
            name = "replay",
            description = {
                "Make a new job of a dead letter's request.",
                "The failed job stays failed; the new one names it. Of all letters of one job, and of all repetitions of this"
                        + " command, there is one new job."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  tessera dead-letters replay 17 18", "  tessera dead-letters replay --all"})
    static final class ReplayLetters implements Callable<Integer> {
        private static final int PAGE = 100;

        private final CommandContext context;

        @CommandLine.ArgGroup(multiplicity = "1")
        private Which which = new Which();

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        ReplayLetters(CommandContext context) {
            this.context = context;
        }

        /** Some letters, or all. */
        static final class Which {
            @CommandLine.Parameters(paramLabel = "LETTER", arity = "1..*", description = "The letters' ids.")
            private List<String> ids = List.of();

            @CommandLine.Option(
                    names = "--all",
                    description = "All letters that were not replayed yet, the oldest first.")
            private boolean all;
        }

        /** Goes on after a letter that is refused, and fails then at the end. */
        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                int refused = 0;
                for (String id : which.all ? open(client) : which.ids) {
                    refused += replayed(client, id) ? 0 : 1;
                }
                return refused == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            }
        }

        private boolean replayed(GatewayClient client, String id) {
            try {
                Job job = client.replay(id);
                context.terminal().out().println(id + " " + job.id() + " " + job.status());
                return true;
            } catch (ClientException e) {
                if (e.reason() == ClientException.Reason.UNREACHABLE) {
                    throw e;
                }
                context.terminal().err().println(id + " was not replayed: " + e.getMessage());
                return false;
            }
        }

        private static List<String> open(GatewayClient client) {
            List<String> open = new ArrayList<>();
            List<DeadLetter> page = client.deadLetters(PAGE, "");
            while (!page.isEmpty()) {
                page.stream()
                        .filter(letter -> letter.replay().isEmpty())
                        .map(DeadLetter::id)
                        .forEach(open::add);
                page = client.deadLetters(PAGE, page.getLast().id());
            }
            return open.reversed();
        }
    }
}
