package dev.tessera.pipeline.kafka;

import static dev.tessera.pipeline.kafka.TestPipeline.QUICK;
import static dev.tessera.pipeline.kafka.TestPipeline.header;
import static dev.tessera.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.v1.JobFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Work that cannot be done, or not at once. */
class FailingWorkIT extends SharedQueueFixture {
    FailingWorkIT(TestPipeline pipeline) {
        super(pipeline);
    }

    @Test
    void shouldBuryAMalformedRecordOnceAndGoOn() {
        // Given
        publishRaw("poison", "tessera.v1.ImageConditioned", "\u0001\u0002 this is no protobuf".getBytes(UTF_8));
        publishRaw("stranger", "tessera.v1.TokensGenerated", new byte[0]);
        queue.publish("good");

        // When
        queue.start(QUICK.withSlots(1), queue::done);

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("good"));
        eventually(() -> assertThat(pipeline.failures("poison"))
                .extracting(event -> event.getFailed().getReason())
                .containsExactly("malformed_record"));
        eventually(() -> assertThat(pipeline.deadLetters("poison")).hasSize(1));
        eventually(() -> assertThat(pipeline.deadLetters("stranger")).hasSize(1));
        var letter = pipeline.deadLetters("poison").getFirst();
        assertThat(letter.value()).asString(UTF_8).contains("this is no protobuf");
        assertThat(header(letter, "tessera-reason")).isEqualTo("malformed_record");
        assertThat(header(letter, "tessera-stage")).isEqualTo("generator");
        assertThat(header(letter, "tessera-origin-topic")).isEqualTo(queue.topic());
        assertThat(header(letter, "tessera-attempt")).isEqualTo("1");
    }

    @Test
    void shouldFailTheJobAtOnceWhenNoRepetitionHelps() {
        // Given
        queue.publish("hopeless");

        // When
        queue.start(QUICK, item -> {
            queue.attempts.add(item.delivery().attempt());
            throw new Hopeless();
        });

        // Then
        eventually(() -> assertThat(pipeline.deadLetters("hopeless")).hasSize(1));
        assertThat(queue.attempts).containsExactly(1);
        eventually(
                () -> assertThat(pipeline.failures("hopeless")).singleElement().satisfies(event -> {
                    assertThat(event.getTenant()).isEqualTo("acme");
                    assertThat(event.getFailed())
                            .isEqualTo(JobFailed.newBuilder()
                                    .setReason("model_gone")
                                    .setDetail("The model was removed")
                                    .setStage("generator")
                                    .setAttempt(1)
                                    .build());
                }));
    }

    @Test
    void shouldRepeatAFailedAttemptAfterAPause() {
        // Given
        var times = new CopyOnWriteArrayList<Long>();
        queue.publish("shaky");

        // When
        queue.start(QUICK, item -> {
            times.add(System.nanoTime());
            if (item.delivery().attempt() < 3) {
                queue.attempts.add(item.delivery().attempt());
                return CompletableFuture.failedFuture(new IllegalStateException("not yet"));
            }
            return queue.done(item);
        });

        // Then
        eventually(() -> assertThat(queue.handled).containsExactly("shaky"));
        assertThat(queue.attempts).containsExactly(1, 2, 3);
        assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(Duration.ofNanos(times.get(2) - times.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        assertThat(pipeline.deadLetters("shaky")).isEmpty();
        assertThat(pipeline.failures("shaky")).isEmpty();
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt() {
        // Given
        queue.publish("doomed");

        // When
        queue.start(QUICK, item -> {
            queue.attempts.add(item.delivery().attempt());
            throw new IllegalStateException("a secret prompt");
        });

        // Then
        eventually(() -> assertThat(pipeline.deadLetters("doomed")).hasSize(1));
        assertThat(queue.attempts).containsExactly(1, 2, 3);
        eventually(() -> assertThat(pipeline.failures("doomed"))
                .extracting(event -> event.getFailed().getReason())
                .containsExactly("attempts_exhausted"));
        assertThat(pipeline.failures("doomed").getFirst().getFailed().getDetail())
                .contains("IllegalStateException")
                .doesNotContain("secret");
    }

    private void publishRaw(String key, String type, byte[] value) {
        var headers = new RecordHeaders();
        CloudEventHeaders.put(headers, CloudEventHeaders.TYPE, type);
        CloudEventHeaders.put(headers, CloudEventHeaders.SUBJECT, key);
        pipeline.records.forward(new ProducerRecord<>(queue.topic(), null, key, value, headers));
    }

    private static final class Hopeless extends RuntimeException implements PermanentFailure {
        private static final long serialVersionUID = 1L;

        Hopeless() {
            super("The model was removed");
        }

        @Override
        public String reason() {
            return "model_gone";
        }
    }
}
