package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.WorkConfig;
import java.time.Duration;

/**
 * How a queue is worked off.
 *
 * @param slots work items of each model at once
 * @param lock how long a record is held between two renewals
 * @param maxAttempts deliveries of a record that are worked on
 * @param shutdownGrace how long work in flight may take to finish once the queue is closed
 */
public record WorkQueueSettings(int slots, Duration lock, int maxAttempts, BackOff backOff, Duration shutdownGrace) {
    public static final WorkQueueSettings DEFAULT = new WorkQueueSettings(
            2,
            Duration.ofSeconds(30),
            8,
            new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            Duration.ofSeconds(25));

    public WorkQueueSettings {
        if (slots < 1 || maxAttempts < 1 || !lock.isPositive()) {
            throw new IllegalArgumentException("A work queue needs slots, attempts and a lock");
        }
    }

    public static WorkQueueSettings of(WorkConfig config) {
        return new WorkQueueSettings(
                config.slots(),
                config.lock(),
                config.maxAttempts(),
                new BackOff(config.backOff().initial(), config.backOff().longest()),
                config.shutdownGrace());
    }

    public WorkQueueSettings withSlots(int count) {
        return new WorkQueueSettings(count, lock, maxAttempts, backOff, shutdownGrace);
    }

    /** The pause doubles with each attempt up to the longest. */
    public record BackOff(Duration initial, Duration longest) {
        private static final int MOST_DOUBLINGS = 20;

        Duration after(int attempt) {
            int doublings = Math.clamp(attempt - 1L, 0, MOST_DOUBLINGS);
            Duration pause = initial.multipliedBy(1L << doublings);
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }
}
