package dev.tessera.pipeline.kafka;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.objectstore.MinioObjectStore;
import dev.tessera.objectstore.ObjectStoreSettings;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.JobObjects;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.testkit.S3Server;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("the bucket, which one of the tests takes away")
class ClaimCheckIT {
    private static final int LARGE = 700_000;
    private static final Duration LOCK = Duration.ofSeconds(6);
    private static final WorkQueueSettings PATIENT = new WorkQueueSettings(
            2,
            LOCK,
            8,
            new WorkQueueSettings.BackOff(Duration.ofSeconds(1), Duration.ofSeconds(5)),
            Duration.ofSeconds(10));

    private static EmbeddedKafka kafka;
    private static S3Server s3;
    private static MinioObjectStore store;
    private static TestPipeline pipeline;
    private TestQueue queue;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.startedWithLock(LOCK);
        s3 = S3Server.started();
        store = new MinioObjectStore(ObjectStoreSettings.of(s3.endpoint(), "claims", s3.accessKey(), s3.secretKey()));
        store.createBucket();
        pipeline = new TestPipeline(kafka.bootstrapServers(), store);
    }

    @AfterAll
    static void stop() {
        pipeline.close();
        store.close();
        s3.close();
        kafka.close();
    }

    @BeforeEach
    void open() {
        queue = pipeline.queue();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void shouldCarryALargeMessageThroughTheBucket() {
        // Given
        queue.publishLarge("large", LARGE);

        // When
        queue.start(PATIENT, item -> {
            assertThat(item.message().getSerializedSize()).isGreaterThan(LARGE);
            return queue.done(item);
        });

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("large"));
        assertThat(claims("large")).hasSize(1);
    }

    @Test
    void shouldKeepASmallMessageOutOfTheBucket() {
        // Given
        queue.publish("small");

        // When
        queue.start(PATIENT, queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("small"));
        assertThat(claims("small")).isEmpty();
    }

    @Test
    void shouldWaitForABucketThatIsAwayForLongerThanTheLock() throws Exception {
        // Given
        queue.publishLarge("patient", LARGE);
        s3.stop();

        // When
        queue.start(PATIENT, queue::done);
        assertThatThrownBy(() -> queue.publishLarge("refused", LARGE))
                .asInstanceOf(type(PipelineException.class))
                .extracting(PipelineException::reason)
                .isEqualTo(PipelineException.Reason.BUCKET_UNAVAILABLE);
        // The record has to be kept by renewals, or to come again.
        Thread.sleep(LOCK.plusSeconds(3));
        assertThat(queue.handled).isEmpty();
        s3.start();

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("patient"));
        assertThat(queue.attempts.getFirst()).isGreaterThan(1);
        assertThat(pipeline.deadLetters("patient")).isEmpty();
    }

    @Test
    void shouldFailTheJobWhoseMessageIsGone() {
        // Given
        queue.publishLarge("gone", LARGE);
        claims("gone").forEach(store::delete);

        // When
        queue.start(PATIENT, queue::done);

        // Then
        eventually(() -> assertThat(pipeline.deadLetters("gone")).hasSize(1));
        eventually(() -> assertThat(pipeline.failures("gone")).singleElement().satisfies(event -> {
            assertThat(event.getTenant()).isEqualTo("acme");
            assertThat(event.getFailed().getReason()).isEqualTo("payload_missing");
        }));
        assertThat(queue.handled).isEmpty();
    }

    @Test
    void shouldDropTheWorkOfAnEndedJobWhoseMessageWasRemoved() {
        // Given
        queue.publishLarge("ended", LARGE);
        queue.publish("next");
        store.putIfAbsent(JobObjects.record("acme", "ended"), new byte[0], "application/json", Map.of());
        new Claims(store, Clock.systemUTC()).removeOf("ended", Instant.now().minusSeconds(3600));

        // When
        queue.start(PATIENT.withSlots(1), queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("next"));
        assertThat(claims("ended")).isEmpty();
        assertThat(pipeline.deadLetters("ended")).isEmpty();
        assertThat(pipeline.failures("ended")).isEmpty();
    }

    private List<String> claims(String jobId) {
        return store.list("claims/", 100).stream()
                .filter(name -> name.contains("/" + jobId + "/"))
                .toList();
    }
}
