package dev.tessera.pipeline.kafka;

import com.google.protobuf.Message;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;
import java.util.Map;

/** Work on the topic of the stage and the weights that the job was accepted for. */
public final class KafkaWorkPublisher implements WorkPublisher {
    private final RecordPublisher records;

    public KafkaWorkPublisher(RecordPublisher records) {
        this.records = records;
    }

    @Override
    public void publish(JobSubmitted work) {
        publish(Stage.TOKENIZER, work.getJob(), work);
    }

    @Override
    public void publish(ImageConditioned work) {
        publish(Stage.GENERATOR, work.getJob(), work);
    }

    @Override
    public void publish(LowResolutionTokens work) {
        publish(Stage.SUPERRES, work.getJob(), work);
    }

    @Override
    public void publish(TokensGenerated work) {
        publish(Stage.DECODER, work.getJob(), work);
    }

    @Override
    public void handOver(ImageConditioned work, Delivery delivery) {
        handOver(work.getJob(), work, delivery);
    }

    @Override
    public void handOver(LowResolutionTokens work, Delivery delivery) {
        handOver(work.getJob(), work, delivery);
    }

    private void handOver(Job job, Message work, Delivery delivery) {
        publish(delivery.stage(), job, work, HandOver.after(delivery).headers());
    }

    private void publish(Stage stage, Job job, Message work) {
        publish(stage, job, work, Map.of());
    }

    private void publish(Stage stage, Job job, Message work, Map<String, String> headers) {
        String topic = Topics.work(stage, ModelVersion.of(job));
        records.publish(new OutgoingRecord(topic, job.getId(), job.getTenant(), work, headers));
    }
}
