package dev.tessera.pipeline.kafka;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.JobEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The pipeline's parts on one broker, and everything that came out of them. Many tests may share one: each has a model,
 * and with it a queue, of its own.
 */
final class TestPipeline implements AutoCloseable {
    static final WorkQueueSettings QUICK = new WorkQueueSettings(
            2,
            Duration.ofSeconds(15),
            3,
            new WorkQueueSettings.BackOff(Duration.ofMillis(200), Duration.ofSeconds(2)),
            Duration.ofSeconds(30));

    private static final int CLAIM_LIMIT = 262_144;

    final KafkaConnection connection;
    final TopicSetup topics;
    final RecordPublisher records;
    final KafkaWorkPublisher work;
    final KafkaJobEventPublisher eventPublisher;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final List<JobEvent> events = new CopyOnWriteArrayList<>();
    final List<ConsumerRecord<String, byte[]>> deadLetters = new CopyOnWriteArrayList<>();

    private final RecordPublisher.Identity identity = RecordPublisher.Identity.of("test");
    private final ClaimCheck claims;
    private final JobEventLog.Following eventLog;
    private final TopicFollower deadLetterLog;

    TestPipeline(String bootstrapServers) {
        this(bootstrapServers, new MemoryObjectStore());
    }

    TestPipeline(String bootstrapServers, ObjectStore store) {
        connection = KafkaConnection.to(bootstrapServers);
        topics = new TopicSetup(connection, TopicSetup.Settings.DEFAULT);
        claims = claimCheck(store);
        records = new RecordPublisher(connection, topics, claims, identity);
        work = new KafkaWorkPublisher(records);
        eventPublisher = new KafkaJobEventPublisher(records);
        eventLog = new KafkaJobEventLog(connection, topics, claims, Clock.systemUTC())
                .follow(Duration.ofMinutes(10), events::add);
        deadLetterLog = new TopicFollower(
                        connection, topics, dev.tessera.pipeline.Topics.DEAD_LETTER, Instant.EPOCH, deadLetters::add)
                .start();
    }

    static ClaimCheck claimCheck(ObjectStore store) {
        return new ClaimCheck(new Claims(store, Clock.systemUTC()), CLAIM_LIMIT);
    }

    TestQueue queue() {
        return new TestQueue(this, "model-" + UUID.randomUUID().toString().substring(0, 8));
    }

    WorkQueue startQueue(Set<ModelVersion> versions, WorkQueueSettings settings, WorkHandler handler) {
        var services = new WorkQueue.Services(
                connection, topics, claims, records, new WorkQueue.Observation(identity, registry));
        var queue = new WorkQueue(Stage.GENERATOR, versions, services, settings, handler);
        queue.start();
        return queue;
    }

    List<JobEvent> failures(String jobId) {
        return events.stream()
                .filter(event -> event.getJobId().equals(jobId) && event.hasFailed())
                .toList();
    }

    List<ConsumerRecord<String, byte[]>> deadLetters(String jobId) {
        return deadLetters.stream().filter(record -> jobId.equals(record.key())).toList();
    }

    static String header(ConsumerRecord<String, byte[]> record, String key) {
        return CloudEventHeaders.text(record.headers(), key).orElse("(none)");
    }

    @Override
    public void close() {
        eventLog.close();
        deadLetterLog.close();
        records.close();
        topics.close();
    }
}
