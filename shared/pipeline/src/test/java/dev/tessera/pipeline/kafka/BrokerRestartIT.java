package dev.tessera.pipeline.kafka;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.Topics;
import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class BrokerRestartIT {
    /** What the slot does after a lost lease cannot be done by another. */
    private static final WorkQueueSettings ONE_SLOT = new WorkQueueSettings(
            1,
            TestPipeline.QUICK.lock(),
            TestPipeline.QUICK.maxAttempts(),
            TestPipeline.QUICK.backOff(),
            TestPipeline.QUICK.shutdownGrace());

    @Test
    void shouldFinishWorkInFlightOnceAndGoOnInTheSlotThatLostItsLease() throws Exception {
        try (var kafka = EmbeddedKafka.started();
                var pipeline = new TestPipeline(kafka.bootstrapServers());
                var queue = pipeline.queue()) {
            // Given
            var started = new AtomicInteger();
            var begun = new CountDownLatch(1);
            var end = new CompletableFuture<Void>();
            queue.publish("in-flight");
            queue.start(ONE_SLOT, item -> {
                started.incrementAndGet();
                begun.countDown();
                return end.thenCompose(ended -> queue.done(item));
            });
            assertThat(begun.await(90, TimeUnit.SECONDS)).isTrue();

            // When
            kafka.stop();
            // Longer than a third of the lock of 15 s: a renewal falls into the outage, and fails.
            Thread.sleep(Duration.ofSeconds(8));
            kafka.start();
            end.complete(null);

            // Then
            eventually(() -> assertThat(queue.handled).containsExactly("in-flight"));
            eventually(() -> queue.publish("after"));
            eventually(() -> assertThat(queue.handled).contains("in-flight", "after"));
            assertThat(started.get()).isEqualTo(queue.handled.size());
            assertThat(queue.handled.stream().filter("in-flight"::equals)).hasSize(1);
        }
    }

    @Test
    void shouldFollowEventsAndCancellationsAcrossARestart() {
        try (var kafka = EmbeddedKafka.started();
                var pipeline = new TestPipeline(kafka.bootstrapServers())) {
            // Given
            var events = new CopyOnWriteArrayList<JobEvent>();
            var cancelled = new CopyOnWriteArrayList<String>();
            var log = new KafkaJobEventLog(
                    pipeline.connection,
                    pipeline.topics,
                    TestPipeline.claimCheck(new MemoryObjectStore()),
                    Clock.systemUTC());
            var canceller = new KafkaCancellationPublisher(pipeline.records);
            pipeline.eventPublisher.publish(event("before"));
            try (var following = log.follow(Duration.ofMinutes(10), events::add);
                    var cancellations = new KafkaCancellations(
                            pipeline.connection, pipeline.topics, Clock.systemUTC(), Duration.ofMinutes(10))) {
                cancellations.onCancelled(cancelled::add);
                until(
                        "caught up",
                        () -> following.caughtUp().toCompletableFuture().isDone());
                assertThat(events).extracting(JobEvent::getJobId).containsExactly("before");

                // When
                kafka.stop();
                kafka.start();
                eventually(() -> pipeline.eventPublisher.publish(event("after")));
                canceller.cancel("unwanted");

                // Then
                eventually(
                        () -> assertThat(events).extracting(JobEvent::getJobId).contains("before", "after"));
                eventually(() -> assertThat(cancelled).containsExactly("unwanted"));
                assertThat(cancellations.isCancelled("unwanted")).isTrue();
                assertThat(cancellations.isCancelled("wanted")).isFalse();
                assertThat(following.isLive()).isTrue();
            }
        }
    }

    @Test
    void shouldReplayABoundedPastInOrder() {
        try (var kafka = EmbeddedKafka.started();
                var pipeline = new TestPipeline(kafka.bootstrapServers())) {
            // Given
            var events = new CopyOnWriteArrayList<JobEvent>();
            for (int i = 0; i < 50; i++) {
                pipeline.eventPublisher.publish(
                        event("job").toBuilder().setTenant("t" + i).build());
            }
            pipeline.records.forward(new org.apache.kafka.clients.producer.ProducerRecord<>(
                    Topics.JOB_EVENTS, "job", new byte[] {1, 2, 3}));
            var log = new KafkaJobEventLog(
                    pipeline.connection,
                    pipeline.topics,
                    TestPipeline.claimCheck(new MemoryObjectStore()),
                    Clock.systemUTC());

            // When
            try (var following = log.follow(Duration.ofMinutes(10), events::add);
                    var late = log.follow(Duration.ofSeconds(-60), event -> events.clear())) {
                until(
                        "caught up",
                        () -> following.caughtUp().toCompletableFuture().isDone());
                until(
                        "late caught up",
                        () -> late.caughtUp().toCompletableFuture().isDone());

                // Then
                assertThat(events)
                        .extracting(JobEvent::getTenant)
                        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 50)
                                .mapToObj(i -> "t" + i)
                                .toList());
            }
        }
    }

    private static JobEvent event(String jobId) {
        return JobEvent.newBuilder().setJobId(jobId).setTenant("acme").build();
    }
}
