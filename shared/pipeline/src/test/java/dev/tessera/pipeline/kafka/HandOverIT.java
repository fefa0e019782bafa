package dev.tessera.pipeline.kafka;

import static dev.tessera.pipeline.kafka.TestPipeline.QUICK;
import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * Work whose worker goes away. A consumer that closes may be given a record once more with its last fetch, which it
 * hands back unread: one delivery more than there were attempts.
 */
class HandOverIT extends SharedQueueFixture {
    private static final int LAST_FETCH = 1;

    HandOverIT(TestPipeline pipeline) {
        super(pipeline);
    }

    @Test
    void shouldFinishWhatIsInFlightWhenItCloses() {
        // Given
        var begun = new CountDownLatch(1);
        queue.publish("in-flight");
        queue.publish("waiting");
        WorkQueue first = queue.start(QUICK.withSlots(1), item -> {
            begun.countDown();
            sleep(Duration.ofSeconds(4));
            return queue.done(item);
        });
        TestQueue.await(begun);

        // When
        first.close();

        // Then
        assertThat(queue.handled).hasSize(1);
        queue.start(QUICK, queue::done);
        eventually(() -> assertThat(queue.handled).containsExactlyInAnyOrder("in-flight", "waiting"));
        assertThat(queue.attempts.getFirst()).isOne();
        assertThat(queue.attempts.getLast()).isBetween(1, 1 + LAST_FETCH);
    }

    @Test
    void shouldHandOverWhatDoesNotFinishWithinTheGrace() {
        // Given
        var begun = new CountDownLatch(1);
        queue.publish("slow");
        var impatient = new WorkQueueSettings(1, QUICK.lock(), 3, QUICK.backOff(), Duration.ofMillis(300));
        WorkQueue first = queue.start(impatient, item -> {
            begun.countDown();
            return new CompletableFuture<>();
        });
        TestQueue.await(begun);

        // When
        first.close();

        // Then
        queue.start(QUICK, queue::done);
        eventually(() -> assertThat(queue.handled).containsExactly("slow"));
        assertThat(queue.attempts.getFirst()).isBetween(2, 2 + LAST_FETCH);
    }

    @Test
    void shouldNotCountItAsAnAttemptWhenAWorkerLeavesItsWorkToOthers() {
        // Given
        var begun = new CountDownLatch(1);
        var told = new CompletableFuture<Void>();
        queue.publish("left");
        WorkQueue first = queue.start(QUICK.withSlots(1), item -> {
            begun.countDown();
            return told.thenRunAsync(() -> queue.handOver(item));
        });
        TestQueue.await(begun);

        // When
        first.stopTaking();
        told.complete(null);
        first.close();
        queue.start(QUICK, queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("left"));
        assertThat(queue.attempts.getFirst()).isBetween(1, 1 + LAST_FETCH);
        assertThat(queue.handOvers).containsExactly(1);
    }

    @Test
    void shouldTakeOverFromAConsumerThatDied() {
        // Given
        pipeline.topics.ensureTopic(queue.topic());
        pipeline.topics.configureGroup(Stage.GENERATOR, QUICK.lock());
        queue.publish("orphan");
        var consumer = pipeline.connection.shareConsumer("generator", queue.topic());
        eventually(
                () -> assertThat(consumer.poll(Duration.ofSeconds(1)).count()).isEqualTo(1));

        // When
        consumer.close(Duration.ofSeconds(5));
        queue.start(QUICK, queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("orphan"));
        assertThat(queue.attempts.getFirst()).isGreaterThan(1);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
