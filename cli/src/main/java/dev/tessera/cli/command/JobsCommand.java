package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "jobs",
        description = "List, show and cancel jobs.",
        subcommands = {JobsCommand.ListJobs.class, JobsCommand.ShowJob.class, JobsCommand.CancelJob.class},
        footerHeading = "%nExamples:%n",
        footer = {"  tessera jobs list", "  tessera jobs show JOB --json", "  tessera jobs cancel JOB"})
final class JobsCommand {
    private static final int LONGEST_PROMPT = 50;

    private JobsCommand() {}

    private static void print(Terminal terminal, Job job) {
        String what = job.prompt().orElse("");
        String shown = what.length() <= LONGEST_PROMPT ? what : what.substring(0, LONGEST_PROMPT - 3) + "...";
        terminal.out()
                .printf(
                        "%-36s  %-24s  %-10s  %5d/%-5d  %-16s  %s%n",
                        job.id(),
                        job.createdAt(),
                        job.status(),
                        job.tokensDone(),
                        job.tokensTotal(),
                        job.model(),
                        shown);
    }

    @CommandLine.Command(
            name = "list",
            description = "List jobs, the newest first.",
            footerHeading = "%nExamples:%n",
            footer = {"  tessera jobs list", "  tessera jobs list --limit 100 --json"})
    static final class ListJobs implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Option(
                names = "--limit",
                paramLabel = "COUNT",
                defaultValue = "20",
                description = "Most jobs to list; ${DEFAULT-VALUE} without it.")
        private int limit;

        @CommandLine.Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        ListJobs(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                List<Job> jobs = client.jobs(limit);
                if (json) {
                    ArrayNode all = JsonNodeFactory.instance.arrayNode();
                    jobs.forEach(job -> all.add(job.json()));
                    context.terminal().out().println(all.toPrettyString());
                } else {
                    jobs.forEach(job -> print(context.terminal(), job));
                }
                return CommandLine.ExitCode.OK;
            }
        }
    }

    @CommandLine.Command(
            name = "show",
            description = "Show one job, finished or not.",
            footerHeading = "%nExamples:%n",
            footer = "  tessera jobs show 019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1")
    static final class ShowJob implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Parameters(paramLabel = "JOB", description = "The job's id.")
        private String id = "";

        @CommandLine.Option(names = "--json", description = "Print all that the gateway says.")
        private boolean json;

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        ShowJob(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                Job job = client.job(id);
                if (json) {
                    context.terminal().out().println(job.json().toPrettyString());
                    return CommandLine.ExitCode.OK;
                }
                print(context.terminal(), job);
                job.failure().ifPresent(why -> context.terminal().out().println(why));
                return CommandLine.ExitCode.OK;
            }
        }
    }

    @CommandLine.Command(
            name = "cancel",
            description = "Cancel a job that has not finished.",
            footerHeading = "%nExamples:%n",
            footer = "  tessera jobs cancel 019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1")
    static final class CancelJob implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Parameters(paramLabel = "JOB", description = "The job's id.")
        private String id = "";

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        CancelJob(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                Job job = client.cancel(id);
                context.terminal().out().println(job.id() + " " + job.status());
                return CommandLine.ExitCode.OK;
            }
        }
    }
}
