package dev.tessera.benchmarks.drain;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Jobs of a few different requests, some of them open at any time, whose pictures are compared with those of a calm run. */
final class Load {
    private static final List<String> PROMPTS =
            List.of("a slice of pizza", "a red heart", "the sun", "a cat", "a green tree");
    private static final int IMAGES = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 200;

    private final GatewayClient gateway;
    private final List<List<byte[]>> calm;
    private final List<Open> open = new ArrayList<>();
    private int submitted;
    private int finished;
    private int wrong;

    private record Open(Job job, int request, long since) {}

    /** Draws each request once, while nothing happens. */
    Load(GatewayClient gateway) {
        this.gateway = gateway;
        List<Job> jobs =
                IntStream.range(0, PROMPTS.size()).mapToObj(this::submit).toList();
        this.calm = jobs.stream().map(job -> pictures(awaited(job))).toList();
    }

    private Job submit(int request) {
        var body = JobRequest.builder()
                .prompt(PROMPTS.get(request))
                .n(IMAGES)
                .seed(1L + request)
                .build();
        return gateway.submit(body, UUID.randomUUID().toString());
    }

    /** Submits jobs until so many are open, after a look at those that were. */
    void keepOpen(int count) {
        look();
        while (open.size() < count) {
            int request = submitted++ % PROMPTS.size();
            open.add(new Open(submit(request), request, System.nanoTime()));
        }
        pause();
    }

    /** Waits until no job is open. */
    void finish() {
        while (!open.isEmpty()) {
            keepOpen(0);
        }
    }

    private void look() {
        List<Open> ended = open.stream()
                .filter(one -> gateway.job(one.job().id()).isFinished())
                .toList();
        open.removeAll(ended);
        ended.forEach(this::compare);
        for (Open one : open) {
            if (System.nanoTime() - one.since() > PATIENCE.toNanos()) {
                throw new IllegalStateException("job " + one.job().id() + " does not end");
            }
        }
    }

    private void compare(Open one) {
        finished++;
        Job end = gateway.job(one.job().id());
        if (!end.hasSucceeded() || !equal(pictures(end), calm.get(one.request()))) {
            System.out.println("job " + end.id() + " is " + end.status() + ", or its pictures are others");
            wrong++;
        }
    }

    private static boolean equal(List<byte[]> pictures, List<byte[]> expected) {
        return pictures.size() == expected.size()
                && IntStream.range(0, expected.size()).allMatch(i -> Arrays.equals(pictures.get(i), expected.get(i)));
    }

    private Job awaited(Job job) {
        while (!gateway.job(job.id()).isFinished()) {
            pause();
        }
        return gateway.job(job.id());
    }

    private List<byte[]> pictures(Job job) {
        return IntStream.range(0, IMAGES)
                .mapToObj(i -> gateway.image(job.id(), i))
                .toList();
    }

    /** Jobs that have ended, each of some pictures. */
    int finished() {
        return finished;
    }

    int pictures() {
        return finished * IMAGES;
    }

    /** Jobs that have not succeeded, or whose pictures are not those of the calm run. */
    int wrong() {
        return wrong;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
