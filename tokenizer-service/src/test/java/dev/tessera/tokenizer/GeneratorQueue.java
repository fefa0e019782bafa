package dev.tessera.tokenizer;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.ImageConditioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What lies on a model's generator queue, read as any consumer would, without taking it away. */
final class GeneratorQueue implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ImageConditioned> work = new ArrayList<>();

    GeneratorQueue(String bootstrapServers, ModelBundle model) {
        var version = ModelVersion.of(model);
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer());
        TopicPartition queue = new TopicPartition(Topics.work(Stage.GENERATOR, version), 0);
        consumer.assign(List.of(queue));
        consumer.seekToBeginning(List.of(queue));
    }

    /** All there is so far for one job. */
    List<ImageConditioned> of(String jobId) throws InvalidProtocolBufferException {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            work.add(ImageConditioned.parseFrom(record.value()));
        }
        return work.stream().filter(one -> one.getJob().getId().equals(jobId)).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
