package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Pool;
import dev.tessera.cli.client.PoolChange;
import dev.tessera.cli.client.PoolCluster;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "pools",
        description = {
            "Show how many seconds of work each pool of workers has, and change pools.",
            "What changes a pool needs a gateway that looks after the cluster it runs in."
        },
        subcommands = {
            PoolsCommand.ShowPool.class,
            PoolsCommand.SetPool.class,
            PoolsCommand.PausePool.class,
            PoolsCommand.DrainPool.class,
            PoolsCommand.ResumePool.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera pools",
            "  tessera pools --json",
            "  tessera pools show spot",
            "  tessera pools set spot --min 1 --max 20",
            "  tessera pools drain spot"
        })
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

    private static void print(PrintWriter out, Pool pool) {
        print(out, List.of(pool));
        if (pool.cluster().isEmpty()) {
            out.println("size:     unknown, since the gateway does not look after a cluster");
            return;
        }
        PoolCluster cluster = pool.cluster().get();
        if (cluster.error().isPresent()) {
            out.println("size:     unknown, " + cluster.error().get());
            return;
        }
        out.println("size:     " + (cluster.autoscaled() ? cluster.min() + " to " + cluster.max() : cluster.max())
                + ", " + cluster.mode());
        out.println("replicas: " + cluster.replicas());
        out.println("nodes:    " + (cluster.nodes().isEmpty() ? "none" : String.join(", ", cluster.nodes())));
        cluster.devices().forEach((name, count) -> out.println("devices:  " + count + " " + name));
        cluster.waiting().forEach(why -> out.println("waiting:  " + why));
    }

    /** What all subcommands for one pool have. */
    abstract static class OfOnePool implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Parameters(paramLabel = "POOL", description = "The pool's name.")
        private String name = "";

        @CommandLine.Option(names = "--json", description = "Print all that the gateway says.")
        private boolean json;

        @CommandLine.Mixin
        private GatewayOption gateway = new GatewayOption();

        private OfOnePool(CommandContext context) {
            this.context = context;
        }

        abstract Pool ask(GatewayClient client, String pool);

        @Override
        public Integer call() {
            try (GatewayClient client = gateway.client(context)) {
                Pool pool = ask(client, name);
                PrintWriter out = context.terminal().out();
                if (json) {
                    out.println(pool.json().toPrettyString());
                } else {
                    print(out, pool);
                }
                return CommandLine.ExitCode.OK;
            }
        }
    }

    @CommandLine.Command(
            name = "show",
            description = "Show one pool: its work, its replicas, where they run, and what keeps the others from it.",
            footerHeading = "%nExamples:%n",
            footer = {"  tessera pools show spot", "  tessera pools show spot --json"})
    static final class ShowPool extends OfOnePool {
        ShowPool(CommandContext context) {
            super(context);
        }

        @Override
        Pool ask(GatewayClient client, String pool) {
            return client.pool(pool);
        }
    }

    @CommandLine.Command(
            name = "set",
            description = {
                "Change how large a pool may be.",
                "A pool of a fixed size takes --min and --max of the same number. An upgrade of the release may set it back."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  tessera pools set spot --max 20", "  tessera pools set steady --min 3 --max 3"})
    static final class SetPool extends OfOnePool {
        @CommandLine.ArgGroup(exclusive = false, multiplicity = "1")
        private Bounds bounds = new Bounds();

        SetPool(CommandContext context) {
            super(context);
        }

        /** At least one of them. */
        static final class Bounds {
            @CommandLine.Option(names = "--min", paramLabel = "COUNT", description = "The fewest replicas.")
            private @Nullable Integer min;

            @CommandLine.Option(names = "--max", paramLabel = "COUNT", description = "The most replicas.")
            private @Nullable Integer max;
        }

        @Override
        Pool ask(GatewayClient client, String pool) {
            return client.change(pool, new PoolChange(bounds.min, bounds.max, null));
        }
    }

    @CommandLine.Command(
            name = "pause",
            description = "Keep a scaled pool as large as it is, whatever there is to do.",
            footerHeading = "%nExamples:%n",
            footer = "  tessera pools pause spot")
    static final class PausePool extends OfOnePool {
        PausePool(CommandContext context) {
            super(context);
        }

        @Override
        Pool ask(GatewayClient client, String pool) {
            return client.change(pool, PoolChange.mode("paused"));
        }
    }

    @CommandLine.Command(
            name = "drain",
            description = {
                "Take all replicas of a pool away and keep it empty.",
                "They end what they have or hand it back; work that only this pool does waits until it is resumed."
            },
            footerHeading = "%nExamples:%n",
            footer = "  tessera pools drain spot")
    static final class DrainPool extends OfOnePool {
        DrainPool(CommandContext context) {
            super(context);
        }

        @Override
        Pool ask(GatewayClient client, String pool) {
            return client.change(pool, PoolChange.mode("drained"));
        }
    }

    @CommandLine.Command(
            name = "resume",
            description = {
                "Let the size of a paused or drained pool follow its work again.",
                "A pool of a fixed size comes back with 'tessera pools set'."
            },
            footerHeading = "%nExamples:%n",
            footer = "  tessera pools resume spot")
    static final class ResumePool extends OfOnePool {
        ResumePool(CommandContext context) {
            super(context);
        }

        @Override
        Pool ask(GatewayClient client, String pool) {
            return client.change(pool, PoolChange.mode("running"));
        }
    }
}
