package dev.tessera.pipeline.wiring;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.ServedModels;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The connector in Quarkus, with no setting but its stage and slots. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@Isolated
@TestProfile(WorkQueueConnectorIT.WorkerService.class)
class WorkQueueConnectorIT {
    private static final int SLOTS = 24;

    @Inject
    WorkPublisher work;

    @Inject
    JobEventLog log;

    @Inject
    Worker worker;

    @Inject
    Tracer tracer;

    @Inject
    @Readiness
    PipelineReadiness readiness;

    @Test
    void shouldRunAsManyMethodsAtOnceAsThereAreSlots() {
        // Given
        List<String> ids = IntStream.range(0, SLOTS).mapToObj(i -> "wide-" + i).toList();

        // When
        ids.forEach(id -> work.publish(item(id)));

        // Then
        eventually(() -> assertThat(worker.waiting).containsAll(ids));
        worker.gate.countDown();
        eventually(() -> assertThat(worker.done).containsAll(ids));
        assertThat(readiness.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    @Test
    void shouldTellTheMethodHowTheWorkCameAndRepeatItWhenItThrows() {
        // Given
        var item = item("shaky");

        // When
        work.publish(item);

        // Then
        eventually(() -> assertThat(worker.deliveries.getOrDefault("shaky", List.of()))
                .containsExactly(
                        new Delivery(Stage.GENERATOR, "blocks", 1), new Delivery(Stage.GENERATOR, "blocks", 2)));
    }

    @Test
    void shouldFailTheJobWhenTheMethodThrowsAPermanentFailure() {
        // Given
        var events = new CopyOnWriteArrayList<JobEvent>();
        try (var following = log.follow(Duration.ofMinutes(10), events::add)) {
            // When
            work.publish(item("hopeless"));

            // Then
            eventually(() -> assertThat(events)
                    .filteredOn(event -> event.getJobId().equals("hopeless"))
                    .singleElement()
                    .satisfies(
                            event -> assertThat(event.getFailed().getReason()).isEqualTo("hopeless")));
        }
    }

    @Test
    void shouldWorkWithinTheTraceOfThePublisher() {
        // Given
        Span span = tracer.spanBuilder("request").startSpan();

        // When
        try (Scope current = span.makeCurrent()) {
            work.publish(item("traced"));
        }

        // Then
        eventually(() -> assertThat(worker.traces)
                .containsEntry("traced", span.getSpanContext().getTraceId()));
    }

    @Test
    void shouldSendNoTracesUnlessToldTo() {
        // When
        Span span = tracer.spanBuilder("request").startSpan();

        // Then
        assertThat(span.getSpanContext().isValid()).isTrue();
        assertThat(span.getSpanContext().isSampled()).isFalse();
    }

    private static ImageConditioned item(String jobId) {
        return ImageConditioned.newBuilder()
                .setJob(Job.newBuilder()
                        .setId(jobId)
                        .setTenant("acme")
                        .setModel("blocks")
                        .setModelDigest("d1"))
                .build();
    }

    /** A service with one worker. */
    public static final class WorkerService implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp.messaging.incoming.work.connector", "tessera-work-queue",
                    "mp.messaging.incoming.work.stage", "generator",
                    "mp.messaging.incoming.work.slots", String.valueOf(SLOTS),
                    "tessera.work.back-off.initial", "PT0.1S",
                    "quarkus.http.test-port", "0",
                    "quarkus.log.level", "WARN");
        }
    }

    /** Says what is served. */
    @ApplicationScoped
    public static class Models {
        @Produces
        ServedModels models() {
            return () -> Set.of(new ModelVersion("blocks", "d1"));
        }
    }

    /** The method under test, as a service writes it; a singleton has no proxy between the test and its fields. */
    @Singleton
    public static class Worker {
        final Set<String> waiting = ConcurrentHashMap.newKeySet();
        final Set<String> done = ConcurrentHashMap.newKeySet();
        final Map<String, List<Delivery>> deliveries = new ConcurrentHashMap<>();
        final Map<String, String> traces = new ConcurrentHashMap<>();
        final CountDownLatch gate = new CountDownLatch(1);

        @Incoming("work")
        @Blocking(ordered = false, value = "work")
        void work(ImageConditioned item, Delivery delivery) throws InterruptedException {
            String id = item.getJob().getId();
            traces.put(id, Span.current().getSpanContext().getTraceId());
            deliveries
                    .computeIfAbsent(id, first -> new CopyOnWriteArrayList<>())
                    .add(delivery);
            if (id.startsWith("wide-")) {
                waiting.add(id);
                gate.await(90, TimeUnit.SECONDS);
            }
            if (id.equals("shaky") && delivery.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            if (id.equals("hopeless")) {
                throw new Hopeless();
            }
            done.add(id);
        }
    }

    private static final class Hopeless extends RuntimeException implements dev.tessera.pipeline.PermanentFailure {
        private static final long serialVersionUID = 1L;

        Hopeless() {
            super("It cannot be done");
        }

        @Override
        public String reason() {
            return "hopeless";
        }
    }
}
