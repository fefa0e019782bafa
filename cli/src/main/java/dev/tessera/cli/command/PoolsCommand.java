package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Pool;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "pools",
        description = "Show how many seconds of work each pool of workers has.",
        footerHeading = "%nExamples:%n",
        footer = {"  tessera pools", "  tessera pools --json"})
final class PoolsCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(names = "--json", description = "Print all that the gateway says.")
    private boolean json;

    @CommandLine.Mixin
    private GatewayOption gateway = new GatewayOption();

    PoolsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (GatewayClient client = gateway.client(context)) {
            List<Pool> pools = client.pools();
            if (json) {
                ArrayNode all = JsonNodeFactory.instance.arrayNode();
                pools.forEach(pool -> all.add(pool.json()));
                context.terminal().out().println(all.toPrettyString());
            } else {
                print(context.terminal().out(), pools);
            }
            return CommandLine.ExitCode.OK;
        }
    }

    private static void print(PrintWriter out, List<Pool> pools) {
        out.printf("%-32s  %-9s  %16s  %16s  %9s  %8s%n", "pool", "stage", "queued", "in flight", "target", "done in");
        for (Pool pool : pools) {
            out.printf(
                    Locale.ROOT,
                    "%-32s  %-9s  %5d = %6.1f s  %5d = %6.1f s  %7.1f s  %8s%n",
                    pool.name(),
                    pool.stage(),
                    pool.imagesQueued(),
                    pool.queuedSeconds(),
                    pool.imagesInFlight(),
                    pool.inFlightSeconds(),
                    pool.targetSeconds(),
                    eta(pool.etaSeconds()));
        }
    }

    private static String eta(OptionalDouble seconds) {
        return seconds.isEmpty() ? "unknown" : String.format(Locale.ROOT, "%.0f s", seconds.getAsDouble());
    }
}
