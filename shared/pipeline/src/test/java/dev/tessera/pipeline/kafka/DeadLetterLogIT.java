package dev.tessera.pipeline.kafka;

import static dev.tessera.pipeline.kafka.TestPipeline.QUICK;
import static dev.tessera.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.DeadLetter;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.testkit.EmbeddedKafka;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a broker of its own: the letters of other tests would be the newest. */
class DeadLetterLogIT {
    private static final int LARGE = 700_000;

    private final EmbeddedKafka kafka = EmbeddedKafka.started();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final TestPipeline pipeline = new TestPipeline(kafka.bootstrapServers(), store);
    private final TestQueue queue = pipeline.queue();
    private final KafkaDeadLetterLog log =
            new KafkaDeadLetterLog(pipeline.connection, pipeline.topics, TestPipeline.claimCheck(store));

    @AfterEach
    void close() {
        queue.close();
        pipeline.close();
        kafka.close();
    }

    @Test
    void shouldReadTheNewestFirstPageByPage() {
        // Given
        assertThat(log.newest(10, Long.MAX_VALUE)).isEmpty();
        assertThat(log.find(0)).isEmpty();
        bury(List.of("one", "two", "three"));

        // When
        List<DeadLetter> page = log.newest(2, Long.MAX_VALUE);
        List<DeadLetter> rest = log.newest(2, page.getLast().id());

        // Then
        assertThat(page).extracting(DeadLetter::id).containsExactly(2L, 1L);
        assertThat(rest).extracting(DeadLetter::id).containsExactly(0L);
        assertThat(page).extracting(DeadLetter::jobId).doesNotContain("");
        assertThat(log.find(1)).contains(page.getLast());
        assertThat(log.find(3)).isEmpty();
        assertThat(log.find(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void shouldSayWhereAndWhyWorkWasGivenUpAndWhoseItWas() {
        // Given
        queue.publishLarge("large", LARGE);
        bury(List.of());

        // When
        DeadLetter letter = log.newest(1, Long.MAX_VALUE).getFirst();

        // Then
        assertThat(letter.jobId()).isEqualTo("large");
        assertThat(letter.tenant()).isEqualTo("acme");
        assertThat(letter.end())
                .isEqualTo(new DeadLetter.End(
                        "generator",
                        queue.model,
                        "attempts_exhausted",
                        "The last attempt ended with IllegalStateException",
                        3,
                        new DeadLetter.Origin(queue.topic(), 0)));
        assertThat(log.job(letter.id())).get().satisfies(job -> {
            assertThat(job.getId()).isEqualTo("large");
            assertThat(job.getModel()).isEqualTo(queue.model);
        });
    }

    @Test
    void shouldSayThatALettersWorkIsGoneFromTheBucket() {
        // Given
        queue.publishLarge("gone", LARGE);
        bury(List.of());
        store.list("claims/", 10).forEach(store::delete);

        // When and Then
        assertThatThrownBy(() -> log.job(0))
                .asInstanceOf(type(PipelineException.class))
                .extracting(PipelineException::reason)
                .isEqualTo(PipelineException.Reason.PAYLOAD_MISSING);
    }

    @Test
    void shouldShowALetterThatCannotBeRead() {
        // Given
        pipeline.topics.ensureTopic(dev.tessera.pipeline.Topics.DEAD_LETTER);
        pipeline.records.forward(new ProducerRecord<>(
                dev.tessera.pipeline.Topics.DEAD_LETTER, null, "key", "whatever".getBytes(UTF_8), new RecordHeaders()));

        // When
        DeadLetter letter = log.newest(1, Long.MAX_VALUE).getFirst();

        // Then
        assertThat(letter.jobId()).isEmpty();
        assertThat(letter.end().attempt()).isZero();
        assertThatThrownBy(() -> log.job(letter.id()))
                .asInstanceOf(type(PipelineException.class))
                .extracting(PipelineException::reason)
                .isEqualTo(PipelineException.Reason.MALFORMED_RECORD);
    }

    /** Further jobs, and whatever is on the queue. */
    private void bury(List<String> jobs) {
        jobs.forEach(queue::publish);
        queue.start(QUICK, item -> {
            throw new IllegalStateException("never");
        });
        eventually(() -> assertThat(pipeline.deadLetters).hasSize(Math.max(1, jobs.size())));
    }
}
