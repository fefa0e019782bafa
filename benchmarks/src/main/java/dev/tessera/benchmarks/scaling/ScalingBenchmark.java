package dev.tessera.benchmarks.scaling;

import dev.tessera.benchmarks.scaling.Scenario.PoolShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Simulates days of pools under each signal; prints a table and draws plots into the folder that it is given. With names of days it
 * does only those.
 */
public final class ScalingBenchmark {
    private static final double DAY = Arrivals.DAY;
    /** As the chart has it. */
    private static final double TARGET = 30;
    /** Of the largest day's images: a full batch of them is 800 seconds. */
    private static final double HALF_A_BATCH = 400;
    /** Cheap images of 2 seconds, costly ones of 20; at first one in twenty is costly, after noon every second one. */
    private static final Mix SHIFTING = new Mix(2, 20, 0.05, 0.5);

    private static final Mix EVEN = new Mix(2, 20, 0.2, 0.2);
    private static final PoolShape SCALED = new PoolShape(0, 200, 180, 0, 0);
    private static final PoolShape SPOT = new PoolShape(0, 200, 180, 0.25, 25);
    private static final PoolShape LARGE = new PoolShape(100, 10_000, 180, 0.05, 25);

    private ScalingBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        List<Scenario> days = scenarios().stream()
                .filter(day -> wanted.isEmpty() || wanted.contains(day.name()))
                .toList();
        System.out.println(
                "| day | signal | images | wait p50 | wait p99 | given up | replica-hours | of that work | redone |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (Scenario day : days) {
            Files.writeString(folder.resolve(day.name().replace(' ', '-') + ".svg"), plot(day, outcomes(day)));
        }
        if (wanted.isEmpty() || wanted.contains("targets")) {
            targets(scenarios().get(2));
        }
    }

    private static Map<Signal, Outcome> outcomes(Scenario day) {
        Map<Signal, Outcome> outcomes = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            Outcome outcome = Simulation.run(day, signal, day.pool().equals(LARGE) ? HALF_A_BATCH : TARGET);
            outcomes.put(signal, outcome);
            System.out.println(row(day, signal, outcome));
        }
        return outcomes;
    }

    /** What a larger target saves, and what it costs, on one day. */
    private static void targets(Scenario scenario) {
        System.out.println();
        System.out.println(
                "| " + scenario.name() + ", target | signal | wait p50 | wait p99 | replica-hours | of that work |");
        System.out.println("|---|---|---|---|---|---|");
        for (double target : new double[] {30, 60, 120, 240}) {
            for (Signal signal :
                    List.of(Signal.AS_MEASURED, Signal.FULL_BATCHES, Signal.WITH_ARRIVALS, Signal.MESSAGES)) {
                Outcome outcome = Simulation.run(scenario, signal, target);
                System.out.printf(
                        Locale.ROOT,
                        "| %.0f s | %s | %s | %s | %,.0f | %.0f %% |%n",
                        target,
                        signal.label(),
                        time(outcome.waitP50()),
                        time(outcome.waitP99()),
                        outcome.replicaHours(),
                        100 * outcome.used());
            }
        }
    }

    private static List<Scenario> scenarios() {
        return List.of(
                new Scenario("steady", new Arrivals.Steady(5), EVEN, SCALED, DAY, 1),
                new Scenario("day and night", new Arrivals.Diurnal(5, 0.9), EVEN, SCALED, DAY, 2),
                new Scenario("changing requests", new Arrivals.Steady(5), SHIFTING, SCALED, DAY, 3),
                new Scenario("bursts", new Arrivals.Bursts(0, 20, 7200, 600), EVEN, SCALED, DAY, 4),
                new Scenario("spot nodes", new Arrivals.Diurnal(5, 0.9), SHIFTING, SPOT, DAY, 5),
                new Scenario(
                        "ten million a day",
                        new Arrivals.Diurnal(116, 0.6),
                        new Mix(20, 120, 0.3, 0.3),
                        LARGE,
                        DAY,
                        6));
    }

    private static String row(Scenario scenario, Signal signal, Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,d | %s | %s | %,d | %,.0f | %.0f %% | %.1f h |",
                scenario.name(),
                signal.label(),
                outcome.images(),
                time(outcome.waitP50()),
                time(outcome.waitP99()),
                outcome.givenUp(),
                outcome.replicaHours(),
                100 * outcome.used(),
                outcome.redoneHours());
    }

    private static String time(double seconds) {
        return seconds < 10
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%,.0f s", seconds);
    }

    private static String plot(Scenario scenario, Map<Signal, Outcome> outcomes) {
        SvgPlot plot = new SvgPlot("Replicas, " + scenario.name(), "replicas");
        plot.line("just enough", demand(Objects.requireNonNull(outcomes.get(Signal.AS_MEASURED))));
        outcomes.forEach((signal, outcome) -> plot.line(
                signal.label(),
                outcome.timeline().stream()
                        .filter(moment -> Math.round(moment.time() / 60) % 5 == 0)
                        .map(moment -> new double[] {moment.time() / 3600, moment.replicas()})
                        .toList()));
        return plot.svg();
    }

    /** Over ten minutes, since single minutes jump. */
    private static List<double[]> demand(Outcome outcome) {
        List<double[]> points = new ArrayList<>();
        List<Outcome.Moment> moments = outcome.timeline();
        for (int i = 10; i <= moments.size(); i += 10) {
            double mean = moments.subList(i - 10, i).stream()
                    .mapToDouble(Outcome.Moment::demand)
                    .average()
                    .orElse(0);
            points.add(new double[] {moments.get(i - 1).time() / 3600, mean});
        }
        return points;
    }
}
