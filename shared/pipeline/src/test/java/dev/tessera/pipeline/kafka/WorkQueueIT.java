package dev.tessera.pipeline.kafka;

import static dev.tessera.pipeline.kafka.TestPipeline.QUICK;
import static dev.tessera.pipeline.kafka.TestPipeline.header;
import static dev.tessera.pipeline.kafka.TestQueue.jobId;
import static dev.tessera.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.pipeline.Stage;
import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.v1.JobFailed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class WorkQueueIT {
    private static EmbeddedKafka kafka;
    private static TestPipeline pipeline;
    private TestQueue queue;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.started();
        pipeline = new TestPipeline(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        pipeline.close();
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
            awaitGate(gate);
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
        awaitGate(begun);

        // When
        first.close();

        // Then
        assertThat(queue.handled).hasSize(1);
        queue.start(QUICK, queue::done);
        eventually(() -> assertThat(queue.handled).containsExactlyInAnyOrder("in-flight", "waiting"));
        assertThat(queue.attempts).containsExactly(1, 1);
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
        awaitGate(begun);

        // When
        first.close();

        // Then
        queue.start(QUICK, queue::done);
        eventually(() -> assertThat(queue.handled).containsExactly("slow"));
        assertThat(queue.attempts).containsExactly(2);
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
            awaitGate(gate);
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

    private void publishRaw(String key, String type, byte[] value) {
        var headers = new RecordHeaders();
        CloudEventHeaders.put(headers, CloudEventHeaders.TYPE, type);
        CloudEventHeaders.put(headers, CloudEventHeaders.SUBJECT, key);
        pipeline.records.forward(new ProducerRecord<>(queue.topic(), null, key, value, headers));
    }

    private static void awaitGate(CountDownLatch gate) {
        try {
            assertThat(gate.await(90, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
