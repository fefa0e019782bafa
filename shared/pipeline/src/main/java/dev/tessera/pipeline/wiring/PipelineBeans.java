package dev.tessera.pipeline.wiring;

import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.BucketBundles;
import dev.tessera.pipeline.CancellationPublisher;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.DeadLetterLog;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.WorkConfig;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.pipeline.kafka.ClaimCheck;
import dev.tessera.pipeline.kafka.KafkaCancellationPublisher;
import dev.tessera.pipeline.kafka.KafkaCancellations;
import dev.tessera.pipeline.kafka.KafkaConnection;
import dev.tessera.pipeline.kafka.KafkaDeadLetterLog;
import dev.tessera.pipeline.kafka.KafkaJobEventLog;
import dev.tessera.pipeline.kafka.KafkaJobEventPublisher;
import dev.tessera.pipeline.kafka.KafkaQueueRecords;
import dev.tessera.pipeline.kafka.KafkaWorkPublisher;
import dev.tessera.pipeline.kafka.RecordPublisher;
import dev.tessera.pipeline.kafka.TopicSetup;
import dev.tessera.pipeline.kafka.WorkQueue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** Makes the pipeline's parts injectable. */
@ApplicationScoped
public class PipelineBeans {
    private static final String KAFKA = "kafka.";

    /** With every {@code kafka.*} property, so that security settings reach all clients. */
    @Produces
    @Singleton
    KafkaConnection connection(Config config, WorkConfig work) {
        Map<String, String> properties = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(KAFKA)) {
                config.getOptionalValue(name, String.class)
                        .ifPresent(value -> properties.put(name.substring(KAFKA.length()), value));
            }
        }
        return new KafkaConnection(properties, work.publishTimeout());
    }

    @Produces
    @Singleton
    TopicSetup topics(KafkaConnection connection, WorkConfig config) {
        return new TopicSetup(connection, TopicSetup.Settings.of(config));
    }

    @Produces
    @Singleton
    KafkaQueueRecords queueRecords(KafkaConnection connection) {
        return new KafkaQueueRecords(connection);
    }

    @Produces
    @Singleton
    Claims claims(ObjectStore store) {
        return new Claims(store, Clock.systemUTC());
    }

    @Produces
    @Singleton
    ModelCatalog models(ModelsConfig config, ObjectStore store) {
        return new ModelCatalog(config, new BucketBundles(store));
    }

    @Produces
    @Singleton
    JobPictures editSources(Claims claims) {
        return new JobPictures(claims);
    }

    @Produces
    @Singleton
    ClaimCheck claimCheck(Claims claims, WorkConfig config) {
        return new ClaimCheck(claims, config.claimCheckBytes());
    }

    @Produces
    @Singleton
    WorkQueue.Observation observation(
            Config config, Instance<OpenTelemetry> telemetry, Instance<MeterRegistry> registries) {
        String service = config.getOptionalValue("quarkus.application.name", String.class)
                .orElse("tessera");
        var identity = new RecordPublisher.Identity(
                service, Clock.systemUTC(), telemetry.isResolvable() ? telemetry.get() : OpenTelemetry.noop());
        return new WorkQueue.Observation(
                identity, registries.isResolvable() ? registries.get() : new SimpleMeterRegistry());
    }

    @Produces
    @Singleton
    RecordPublisher records(
            KafkaConnection connection, TopicSetup topics, ClaimCheck claims, WorkQueue.Observation observation) {
        return new RecordPublisher(connection, topics, claims, observation.identity());
    }

    @Produces
    @Singleton
    WorkQueue.Services services(
            KafkaConnection connection,
            TopicSetup topics,
            ClaimCheck claims,
            RecordPublisher records,
            WorkQueue.Observation observation) {
        return new WorkQueue.Services(connection, topics, claims, records, observation);
    }

    @Produces
    @ApplicationScoped
    WorkPublisher workPublisher(RecordPublisher records) {
        return new KafkaWorkPublisher(records);
    }

    @Produces
    @ApplicationScoped
    JobEventPublisher jobEventPublisher(RecordPublisher records) {
        return new KafkaJobEventPublisher(records);
    }

    @Produces
    @ApplicationScoped
    CancellationPublisher cancellationPublisher(RecordPublisher records) {
        return new KafkaCancellationPublisher(records);
    }

    @Produces
    @Singleton
    JobEvents jobEvents() {
        return new JobEvents(Clock.systemUTC());
    }

    @Produces
    @ApplicationScoped
    JobEventLog jobEventLog(KafkaConnection connection, TopicSetup topics, ClaimCheck claims) {
        return new KafkaJobEventLog(connection, topics, claims, Clock.systemUTC());
    }

    @Produces
    @ApplicationScoped
    DeadLetterLog deadLetterLog(KafkaConnection connection, TopicSetup topics, ClaimCheck claims) {
        return new KafkaDeadLetterLog(connection, topics, claims);
    }

    @Produces
    @ApplicationScoped
    Cancellations cancellations(KafkaConnection connection, TopicSetup topics, WorkConfig config) {
        return new KafkaCancellations(
                connection, topics, Clock.systemUTC(), config.retention().events());
    }

    @Produces
    @Singleton
    JobDemand demand(Cancellations cancellations, JobEventPublisher published) {
        return new JobDemand(cancellations, published, Clock.systemUTC());
    }

    void close(@Disposes KafkaQueueRecords queues) {
        queues.close();
    }

    void close(@Disposes TopicSetup topics) {
        topics.close();
    }

    void close(@Disposes RecordPublisher records) {
        records.close();
    }

    void close(@Disposes Cancellations cancellations) throws Exception {
        if (cancellations instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
