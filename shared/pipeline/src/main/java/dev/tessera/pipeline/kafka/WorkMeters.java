package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The queue in figures, by stage and model: {@code tessera.work.in.flight}, {@code tessera.work.handled} (by outcome and
 * reason), {@code tessera.work.duration}, and {@code tessera.work.hop}, the time from publishing to the first delivery.
 */
final class WorkMeters {
    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();

    WorkMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Makes the gauge of a queue, so that it is there before the first work is. */
    void register(Stage stage, String model) {
        inFlight.computeIfAbsent(
                model,
                added -> registry.gauge(
                        "tessera.work.in.flight", tags(stage, added), new AtomicInteger(), AtomicInteger::get));
    }

    Started started(ConsumerRecord<?, ?> record, Delivery delivery) {
        Tags tags = tags(delivery.stage(), delivery.model());
        Instant now = clock.instant();
        if (delivery.attempt() == 1) {
            Timer.builder("tessera.work.hop")
                    .tags(tags)
                    .publishPercentileHistogram()
                    .register(registry)
                    .record(Duration.between(Instant.ofEpochMilli(record.timestamp()), now));
        }
        AtomicInteger gauge = inFlight.getOrDefault(delivery.model(), new AtomicInteger());
        gauge.incrementAndGet();
        return new Started(now, tags, gauge);
    }

    private static Tags tags(Stage stage, String model) {
        return Tags.of("stage", stage.key(), "model", model);
    }

    /** One delivery under way. */
    final class Started {
        private final Instant since;
        private final Tags tags;
        private final AtomicInteger gauge;

        private Started(Instant since, Tags tags, AtomicInteger gauge) {
            this.since = since;
            this.tags = tags;
            this.gauge = gauge;
        }

        /** @param reason why it was retried or given up; {@code none} where nothing was wrong */
        void ended(String outcome, String reason) {
            gauge.decrementAndGet();
            registry.counter("tessera.work.handled", tags.and("outcome", outcome, "reason", reason))
                    .increment();
            registry.timer("tessera.work.duration", tags.and("outcome", outcome))
                    .record(Duration.between(since, clock.instant()));
        }
    }
}
