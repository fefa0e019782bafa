package dev.tessera.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Follows a job to its end: by its event stream, connecting again when it breaks, with a plain look at the job in between.
 */
public final class JobFollower {
    private static final int MOST_FAILURES = 10;

    private final GatewayClient client;
    private final Duration pause;

    /** @param pause between two tries when the connection is lost */
    public JobFollower(GatewayClient client, Duration pause) {
        this.client = client;
        this.pause = pause;
    }

    /**
     * Returns the finished job.
     *
     * @param watcher sees every state that arrives
     * @param heartbeat runs whenever anything arrives, and at least each 15 seconds while the gateway lives; what it throws ends
     *     the following
     * @throws ClientException when the gateway stays away
     */
    public Job follow(Job start, Consumer<Job> watcher, Runnable heartbeat) {
        Job job = start;
        int failures = 0;
        while (!job.isFinished()) {
            try {
                job = stream(job, watcher, heartbeat);
                if (!job.isFinished()) {
                    job = client.job(job.id());
                    watcher.accept(job);
                    rest();
                }
                failures = 0;
            } catch (ClientException e) {
                failures++;
                if (e.reason() != ClientException.Reason.UNREACHABLE && e.reason() != ClientException.Reason.REFUSED
                        || failures >= MOST_FAILURES) {
                    throw e;
                }
                heartbeat.run();
                rest();
            }
        }
        return job;
    }

    private Job stream(Job start, Consumer<Job> watcher, Runnable heartbeat) {
        Job job = start;
        ServerSentEvents events = new ServerSentEvents();
        try (Stream<String> lines = client.events(start.id())) {
            for (Iterator<String> each = lines.iterator(); each.hasNext() && !job.isFinished(); ) {
                heartbeat.run();
                ServerSentEvents.Event event = events.accept(each.next()).orElse(null);
                if (event != null) {
                    job = next(job, event);
                    watcher.accept(job);
                }
            }
        } catch (UncheckedIOException e) {
            // The connection broke; the caller looks at the job and connects again.
            return job;
        }
        return job;
    }

    private static Job next(Job job, ServerSentEvents.Event event) {
        JsonNode data = GatewayClient.parse(event.data());
        return switch (event.name()) {
            case "state" -> new Job(data);
            case "progress" -> job.with(data);
            default -> job;
        };
    }

    private void rest() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ClientException.Reason.UNREACHABLE, "interrupted", e);
        }
    }
}
