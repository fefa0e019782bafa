package dev.tessera.pipeline.kafka;

import static dev.tessera.pipeline.kafka.TestPipeline.QUICK;
import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Stage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the broker says of queues. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedPipeline.class)
class QueueRecordsIT {
    private final TestQueue queue;
    private final KafkaQueueRecords records;

    QueueRecordsIT(TestPipeline pipeline) {
        queue = pipeline.queue();
        records = new KafkaQueueRecords(pipeline.connection);
    }

    @AfterEach
    void close() {
        queue.close();
        records.close();
    }

    @Test
    void shouldCountWhatWaitsAndWhatIsInHands() {
        // Given
        var begun = new CountDownLatch(3);
        var told = new CompletableFuture<Void>();
        queue.publish("first");
        queue.start(QUICK.withSlots(2), item -> {
            begun.countDown();
            return TestQueue.jobId(item).equals("first")
                    ? queue.done(item)
                    : told.thenCompose(ignored -> queue.done(item));
        });
        eventually(() -> assertThat(unsettled()).isEqualTo(Map.of(queue.model, 0L)));

        // When
        for (int i = 0; i < 5; i++) {
            queue.publish("job-" + i);
        }
        TestQueue.await(begun);

        // Then
        eventually(() -> assertThat(unsettled()).isEqualTo(Map.of(queue.model, 5L)));
        told.complete(null);
        eventually(() -> assertThat(unsettled()).isEqualTo(Map.of(queue.model, 0L)));
    }

    @Test
    void shouldSayNothingOfAQueueOfWhichNobodyHasDoneAnything() {
        // Given
        queue.publish("waiting");
        // When, then
        assertThat(unsettled()).isEmpty();
        assertThat(records.unsettled(Stage.SUPERRES, Set.of(queue.model))).isEmpty();
    }

    private Map<String, Long> unsettled() {
        return records.unsettled(Stage.GENERATOR, Set.of(queue.model));
    }
}
