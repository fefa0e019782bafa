package dev.tessera.benchmarks.drain;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackService;
import dev.tessera.cli.stack.StackSettings;
import dev.tessera.cli.stack.StackSettings.StartupCaches;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Three generators under load, one of which goes away every few seconds, by SIGTERM or by {@code kill -9}, and another one
 * comes in its place. Every job has to end once and with the pictures of a calm run.
 *
 * <p>Arguments: the built repository, a home for the stack, seconds, seconds between two strikes.
 */
public final class DrainBenchmark {
    private static final int GENERATORS = 3;

    /** Four images each: more than the slots of two generators, so that there is work for all three at any time. */
    private static final int OPEN_JOBS = 5;

    /** Of each generator: each is a consumer of its own, which a start has to make. */
    private static final int SLOTS = 4;

    private DrainBenchmark() {}

    public static void main(String[] arguments) {
        Path root = Path.of(arguments[0]);
        Duration length = Duration.ofSeconds(Long.parseLong(arguments[2]));
        Duration interval = Duration.ofSeconds(Long.parseLong(arguments[3]));
        try (LocalStack stack = LocalStack.start(settings(root, Path.of(arguments[1])));
                Fleet fleet = new Fleet(stack, GENERATORS);
                GatewayClient gateway = new GatewayClient(stack.gateway())) {
            var load = new Load(gateway);
            disturb(fleet, load, length, interval);
            report(fleet, load, length);
            if (load.wrong() > 0) {
                throw new IllegalStateException(load.wrong() + " jobs did not end as in the calm run");
            }
        }
    }

    /** All services but the generator. No image is given time to end: the more are left to others. */
    private static StackSettings settings(Path root, Path home) {
        return StackSettings.of(root, home, List.of(root.resolve("models/emoji-llamagen")))
                .withServices(EnumSet.complementOf(EnumSet.of(StackService.GENERATOR)))
                .withStartupCaches(StartupCaches.USE)
                .withProperty(StackService.GENERATOR, "tessera.generator.slots", Integer.toString(SLOTS))
                .withProperty(StackService.GENERATOR, "tessera.generator.threads", "1")
                .withProperty(StackService.GENERATOR, "tessera.generator.drain-timeout", "PT0S");
    }

    private static void disturb(Fleet fleet, Load load, Duration length, Duration interval) {
        var random = new Random(1);
        long end = System.nanoTime() + length.toNanos();
        long next = System.nanoTime() + interval.toNanos();
        while (System.nanoTime() - end < 0) {
            load.keepOpen(OPEN_JOBS);
            if (System.nanoTime() - next >= 0) {
                fleet.strike(random);
                next += interval.toNanos();
            }
        }
        fleet.await();
        load.finish();
    }

    private static void report(Fleet fleet, Load load, Duration length) {
        Strikes strikes = fleet.strikes();
        GeneratorMetrics metrics = fleet.metrics();
        System.out.printf(
                Locale.ROOT,
                """
                %d s: %d jobs with %d pictures ended; %d did not succeed or had other pictures than in the calm run
                %d SIGTERM (%d had to be killed; the longest took %.1f s to leave), %d kill -9, %d times nobody was ready
                a start took %.1f s in the middle, %.1f s at most
                %.0f images were continued; reading again what was there took %.2f s of engine time, %.0f ms per SIGTERM
                """,
                length.toSeconds(),
                load.finished(),
                load.pictures(),
                load.wrong(),
                strikes.sigterms(),
                strikes.notByItself(),
                strikes.longestSecondsToLeave(),
                strikes.kills(),
                strikes.missed(),
                strikes.medianSecondsToStart(),
                strikes.longestSecondsToStart(),
                metrics.repeats(),
                metrics.repeatedSeconds(),
                1000 * metrics.repeatedSeconds() / Math.max(1, strikes.sigterms()));
    }
}
