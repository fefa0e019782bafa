package dev.tessera.pipeline.kafka;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.testkit.EmbeddedKafka;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class LongWorkIT {
    private static final Duration LOCK = Duration.ofSeconds(8);
    private static final Duration WORK = Duration.ofSeconds(20);

    @Test
    void shouldRunOnceHoweverMuchLongerThanTheLockItTakes() {
        try (var kafka = EmbeddedKafka.startedWithLock(LOCK);
                var pipeline = new TestPipeline(kafka.bootstrapServers());
                var queue = pipeline.queue()) {
            // Given
            var started = new AtomicInteger();
            var settings = new WorkQueueSettings(3, LOCK, 3, TestPipeline.QUICK.backOff(), Duration.ofSeconds(30));
            queue.publish("long");

            // When
            queue.start(settings, item -> {
                started.incrementAndGet();
                long millis = TestQueue.jobId(item).equals("long") ? WORK.toMillis() : 0;
                return CompletableFuture.supplyAsync(
                                () -> item, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                        .thenCompose(queue::done);
            });

            // Then
            eventually(() -> assertThat(queue.handled).containsExactly("long"));
            queue.publish("next");
            eventually(() -> assertThat(queue.handled).containsExactly("long", "next"));
            assertThat(started).hasValue(2);
            assertThat(queue.attempts).containsExactly(1, 1);
        }
    }
}
