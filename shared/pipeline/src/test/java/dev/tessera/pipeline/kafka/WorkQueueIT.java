package dev.tessera.pipeline.kafka;

import static dev.tessera.pipeline.kafka.TestPipeline.QUICK;
import static dev.tessera.pipeline.kafka.TestPipeline.header;
import static dev.tessera.pipeline.kafka.TestQueue.jobId;
import static dev.tessera.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Work that goes well. */
class WorkQueueIT extends SharedQueueFixture {
    WorkQueueIT(TestPipeline pipeline) {
        super(pipeline);
    }

    @Test
    void shouldDoWorkThatWaitedBeforeTheFirstWorkerCame() {
        // Given
        queue.publish("early");

        // When
        queue.start(QUICK, queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("early"));
        assertThat(queue.attempts).containsExactly(1);
        eventually(() -> assertThat(pipeline.registry
                        .counter(
                                "tessera.work.handled",
                                "stage",
                                "generator",
                                "model",
                                queue.model,
                                "outcome",
                                "accepted",
                                "reason",
                                "none")
                        .count())
                .isEqualTo(1));
    }

    @Test
    void shouldFillAllSlotsAndNoMore() {
        // Given
        var busy = new AtomicInteger();
        var most = new AtomicInteger();
        var gate = new CountDownLatch(1);
        IntStream.range(0, 12).forEach(i -> queue.publish("many-" + i));

        // When
        queue.start(QUICK.withSlots(4), item -> {
            most.accumulateAndGet(busy.incrementAndGet(), Math::max);
            TestQueue.await(gate);
            busy.decrementAndGet();
            return queue.done(item);
        });
        eventually(() -> assertThat(busy).hasValue(4));
        gate.countDown();

        // Then
        eventually(() -> assertThat(queue.handled).hasSize(12).doesNotHaveDuplicates());
        assertThat(most).hasValue(4);
    }

    @Test
    void shouldDoAWorkItemThatCameTwiceTwice() {
        // Given
        queue.publish("twin");
        queue.publish("twin");

        // When
        queue.start(QUICK, queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("twin", "twin"));
        assertThat(queue.attempts).containsExactly(1, 1);
    }

    @Test
    void shouldShowWhatIsInFlight() {
        // Given
        var running = ConcurrentHashMap.<String>newKeySet();
        var gate = new CountDownLatch(1);
        List.of("a", "b", "c").forEach(queue::publish);

        // When
        queue.start(QUICK.withSlots(3), item -> {
            running.add(jobId(item));
            TestQueue.await(gate);
            return queue.done(item);
        });

        // Then
        eventually(() -> assertThat(running).containsExactlyInAnyOrder("a", "b", "c"));
        assertThat(pipeline.registry
                        .get("tessera.work.in.flight")
                        .tags("model", queue.model)
                        .gauge()
                        .value())
                .isEqualTo(3);
        gate.countDown();
        eventually(() -> assertThat(queue.handled).hasSize(3));
    }

    @Test
    void shouldDescribeARecordInItsHeaders() {
        // Given
        var seen = new ConcurrentHashMap<String, String>();
        queue.publish("described");

        // When
        try (var reader = pipeline.connection.reader()) {
            var partition = new org.apache.kafka.common.TopicPartition(queue.topic(), 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            eventually(() -> {
                reader.poll(Duration.ofSeconds(1)).forEach(record -> record.headers()
                        .forEach(header -> seen.put(header.key(), new String(header.value(), UTF_8))));
                assertThat(seen).isNotEmpty();
            });
        }

        // Then
        assertThat(seen)
                .containsAllEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_type", "tessera.v1.ImageConditioned",
                        "ce_source", "/tessera/test",
                        "ce_subject", "described",
                        "content-type", "application/protobuf"))
                .containsKeys("ce_id", "ce_time");
    }
}
