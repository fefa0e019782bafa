package dev.tessera.benchmarks;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobFollower;
import dev.tessera.cli.client.JobRequest;
import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.DoubleStream;

/**
 * One default image after another through a warm stack that does nothing else: from the request to the finished job as
 * a client sees it, and what of that was not spent inside the models.
 *
 * <p>Arguments: the built repository, the home of the running stack.
 */
public final class PipelineBenchmark {
    /** The compilers are done with what happens once per job after some dozens. */
    private static final int WARM_UP = 60;

    private static final int JOBS = 30;

    private PipelineBenchmark() {}

    public static void main(String[] arguments) {
        StackSettings settings = StackSettings.of(Path.of(arguments[0]), Path.of(arguments[1]), List.of());
        LocalStack stack =
                LocalStack.find(settings).orElseThrow(() -> new IllegalStateException("no stack runs: tessera up"));
        var models = new ModelTime(stack.ports());
        try (var client = new GatewayClient(stack.gateway())) {
            for (int i = 0; i < WARM_UP; i++) {
                run(client, i);
            }
            report(client, models);
        }
    }

    private static void report(GatewayClient client, ModelTime models) {
        double[] whole = new double[JOBS];
        double[] overhead = new double[JOBS];
        for (int i = 0; i < JOBS; i++) {
            double before = models.seconds();
            whole[i] = run(client, i);
            overhead[i] = whole[i] - (models.seconds() - before);
        }
        print("request to finished job", whole);
        print("of that outside the models", overhead);
    }

    /** Seconds from the request to the final state. */
    private static double run(GatewayClient client, int seed) {
        var request = JobRequest.builder()
                .prompt("a slice of pizza")
                .n(1)
                .seed((long) seed)
                .build();
        long start = System.nanoTime();
        Job job = client.submit(request, UUID.randomUUID().toString());
        Job end = new JobFollower(client, Duration.ofMillis(100)).follow(job, state -> {}, () -> {});
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!end.hasSucceeded()) {
            throw new IllegalStateException("job " + end.id() + " is " + end.status());
        }
        return seconds;
    }

    private static void print(String what, double[] seconds) {
        double[] sorted = DoubleStream.of(seconds).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%-28s p50 %6.0f ms   p90 %6.0f ms   (%d jobs)%n",
                what,
                1000 * sorted[sorted.length / 2],
                1000 * sorted[sorted.length * 9 / 10],
                sorted.length);
    }
}
