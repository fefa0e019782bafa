package dev.tessera.e2e;

import static dev.tessera.testkit.Eventually.until;

import dev.tessera.cli.client.Job;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.testkit.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Delivers records a second time. A repeated record is a new one to the broker and to the workers, with an offset of its
 * own, so nothing but the meaning of the work can tell them that it is done already.
 */
final class Redelivery implements AutoCloseable {
    private final String bootstrapServers;
    private final KafkaProducer<String, byte[]> producer;
    private final Admin admin;

    Redelivery(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        admin = Admin.create(settings);
    }

    /** Publishes all there is of a job on a stage's queue once more, as it is; returns how many records that were. */
    int repeat(Stage stage, Job job) {
        List<ConsumerRecord<String, byte[]>> records =
                TopicReader.all(bootstrapServers, topic -> Topics.isWork(topic, stage, job.model())).stream()
                        .filter(record -> job.id().equals(record.key()))
                        .toList();
        records.forEach(record -> await(producer.send(new ProducerRecord<>(
                record.topic(), record.partition(), record.key(), record.value(), record.headers()))));
        return records.size();
    }

    /** Waits until a stage has settled every record there is for a model. */
    void awaitWorkedOff(Stage stage, String model) {
        until(stage + " has worked off " + model, () -> {
            var offsets = await(admin.listShareGroupOffsets(Map.of(stage.key(), new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(stage.key()));
            List<Long> lags = offsets.entrySet().stream()
                    .filter(queue -> Topics.isWork(queue.getKey().topic(), stage, model))
                    .map(queue -> queue.getValue().lag().orElseThrow())
                    .toList();
            return !lags.isEmpty() && lags.stream().allMatch(lag -> lag == 0);
        });
    }

    /** Waits until the gateway has reacted to every event there is. */
    void awaitEventsTakenIn() {
        until("every event is taken in", () -> {
            var committed = await(admin.listConsumerGroupOffsets("gateway").partitionsToOffsetAndMetadata());
            var ends = await(admin.listOffsets(committed.keySet().stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                    .all());
            return committed.entrySet().stream()
                    .allMatch(entry -> entry.getValue().offset()
                            == ends.get(entry.getKey()).offset());
        });
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
