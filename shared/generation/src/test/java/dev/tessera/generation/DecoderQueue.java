package dev.tessera.generation;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.testmodels.FollowedJobs;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TokensGenerated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What lies on a model's decoder queue, read as any consumer would, without taking it away. */
public final class DecoderQueue implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TokensGenerated> work = new ArrayList<>();

    public DecoderQueue(String bootstrapServers, ModelBundle model) {
        var version = ModelVersion.of(model);
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer());
        TopicPartition queue = new TopicPartition(Topics.work(Stage.DECODER, version), 0);
        consumer.assign(List.of(queue));
        consumer.seekToBeginning(List.of(queue));
    }

    /** All there is so far for one job. */
    public List<TokensGenerated> of(String jobId) throws InvalidProtocolBufferException {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            work.add(TokensGenerated.parseFrom(record.value()));
        }
        return work.stream().filter(one -> one.getJob().getId().equals(jobId)).toList();
    }

    /** The work for so many images of a job, as soon as it is there. */
    public List<TokensGenerated> await(FollowedJobs jobs, Job job, int images) {
        eventually(() -> assertThat(jobs.kinds(job)).doesNotContain(JobEvent.EventCase.FAILED));
        eventually(() -> assertThat(of(job.getId())).hasSize(images));
        try {
            return of(job.getId());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
