package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * The work of one stage for the models served here: N slots for each version of a model, each with a consumer of the stage's share
 * group and one record in its hands. Every record ends accepted (after its handler is done), released (to be tried
 * again, after a pause) or rejected (after a dead letter and the job's failure are published).
 */
public final class WorkQueue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WorkQueue.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);
    /** Deliveries that may be used up without our doing, by a process that died for instance. */
    private static final int RESERVE = 2;

    private final Stage stage;
    private final Set<ModelVersion> versions;
    private final Services services;
    private final WorkQueueSettings settings;
    private final WorkHandler handler;
    private final WorkType type;
    private final DeadLetters deadLetters;
    private final Tracing tracing;
    private final WorkMeters meters;
    private final Progress progress = new Progress();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final CompletableFuture<Void> graceOver = new CompletableFuture<>();
    private final List<Thread> slots = new ArrayList<>();
    private final Thread starter;
    private volatile int maxAttempts;
    private volatile boolean ready;

    public WorkQueue(
            Stage stage,
            Set<ModelVersion> versions,
            Services services,
            WorkQueueSettings settings,
            WorkHandler handler) {
        this.stage = stage;
        this.versions = Set.copyOf(versions);
        this.services = services;
        this.settings = settings;
        this.handler = handler;
        type = WorkType.of(stage);
        deadLetters = new DeadLetters(
                services.records(), new JobEvents(services.identity().clock()));
        tracing = new Tracing(services.identity().telemetry());
        meters = new WorkMeters(services.registry(), services.identity().clock());
        maxAttempts = settings.maxAttempts();
        starter = Thread.ofVirtual().name("work-queue-start").unstarted(this::prepareAndRun);
    }

    /** Returns at once; topics, group settings and slots come about as soon as the broker answers. */
    public void start() {
        versions.forEach(version -> meters.register(stage, version.model()));
        starter.start();
    }

    /** Whether topics and group are set up and the slots run. */
    public boolean isReady() {
        return ready && !isStopping();
    }

    /** Takes no more work; what is in flight goes on. */
    public void stopTaking() {
        stopping.complete(null);
    }

    /**
     * Takes no more work; waits for what is in flight, for as long as the grace allows, then releases the rest for
     * others.
     */
    @Override
    public void close() {
        stopTaking();
        join(starter, LAST_WORDS);
        Instant deadline = Instant.now().plus(settings.shutdownGrace());
        slots.forEach(slot -> join(slot, Duration.between(Instant.now(), deadline)));
        graceOver.complete(null);
        slots.forEach(slot -> join(slot, LAST_WORDS));
        threads.shutdownNow();
    }

    boolean isStopping() {
        return stopping.isDone();
    }

    CompletableFuture<Void> stopping() {
        return stopping;
    }

    CompletableFuture<Void> graceOver() {
        return graceOver;
    }

    KafkaConnection connection() {
        return services.connection();
    }

    WorkQueueSettings settings() {
        return settings;
    }

    int maxAttempts() {
        return maxAttempts;
    }

    Progress progress() {
        return progress;
    }

    WorkMeters meters() {
        return meters;
    }

    /** Reads the record and hands it to the handler, on a thread of its own, so that the slot is free to renew. */
    CompletableFuture<Void> dispatch(ConsumerRecord<String, byte[]> record, Delivery delivery) {
        Span span = tracing.handling(record, stage.key(), delivery.attempt());
        return CompletableFuture.supplyAsync(() -> item(record, delivery, span), threads)
                .thenComposeAsync(item -> item.map(handler::handle).orElseGet(() -> dropped(record)), threads)
                .whenComplete((done, failure) -> Tracing.end(span, failure));
    }

    /** Publishes the dead letter and the job's failure. */
    CompletableFuture<Void> bury(ConsumerRecord<String, byte[]> record, Delivery delivery, Failures.Verdict verdict) {
        return CompletableFuture.runAsync(
                () -> deadLetters.bury(record, delivery, verdict),
                task -> threads.execute(Tracing.within(record, task)));
    }

    private CompletionStage<Void> dropped(ConsumerRecord<String, byte[]> record) {
        LOG.infof("Work of a job that has ended was dropped: jobId=%s stage=%s", record.key(), stage.key());
        return CompletableFuture.completedFuture(null);
    }

    private Optional<WorkItem> item(ConsumerRecord<String, byte[]> record, Delivery delivery, Span span) {
        String declaredType =
                CloudEventHeaders.text(record.headers(), CloudEventHeaders.TYPE).orElse("");
        byte[] inRecord = record.value() == null ? new byte[0] : record.value();
        return services.claims()
                .redeem(inRecord, record.headers())
                .map(value -> type.parse(declaredType, value))
                .map(message -> new WorkItem(message, delivery, Context.root().with(span)));
    }

    private void prepareAndRun() {
        while (!isStopping()) {
            try {
                prepare();
                versions.forEach(this::startSlots);
                ready = true;
                return;
            } catch (PipelineException e) {
                LOG.warnf("The queue of %s is not set up (%s); trying again", stage.key(), Failures.name(e));
                pause();
            }
        }
    }

    private void prepare() {
        versions.forEach(version -> services.topics().ensureTopic(Topics.work(stage, version)));
        services.topics().ensureTopic(Topics.DEAD_LETTER);
        services.topics().ensureTopic(Topics.JOB_EVENTS);
        services.topics().configureGroup(stage, settings.lock());
        int possible = Math.max(1, services.topics().deliveryLimit() - RESERVE);
        if (possible < settings.maxAttempts()) {
            LOG.warnf("The broker allows %d attempts instead of %d", possible, settings.maxAttempts());
        }
        maxAttempts = Math.min(settings.maxAttempts(), possible);
    }

    private void startSlots(ModelVersion version) {
        String topic = Topics.work(stage, version);
        for (int i = 0; i < settings.slots(); i++) {
            slots.add(Thread.ofPlatform()
                    .daemon()
                    .name("work-" + stage.key() + "-" + version.model() + "-" + i)
                    .start(new WorkSlot(this, stage, version.model(), topic)));
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread, Duration limit) {
        try {
            if (thread.isAlive() && limit.isPositive()) {
                thread.join(limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a queue works with; it closes none of it. */
    public record Services(
            KafkaConnection connection,
            TopicSetup topics,
            ClaimCheck claims,
            RecordPublisher records,
            Observation observation) {
        RecordPublisher.Identity identity() {
            return observation.identity();
        }

        MeterRegistry registry() {
            return observation.registry();
        }
    }

    /** Clock, traces and meters. */
    public record Observation(RecordPublisher.Identity identity, MeterRegistry registry) {}
}
