package dev.tessera.pipeline.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** The topic of job events, read by every process that asks, whole. */
public final class KafkaJobEventLog implements JobEventLog {
    private static final Logger LOG = Logger.getLogger(KafkaJobEventLog.class);

    private final KafkaConnection connection;
    private final TopicSetup topics;
    private final ClaimCheck claims;
    private final Clock clock;

    public KafkaJobEventLog(KafkaConnection connection, TopicSetup topics, ClaimCheck claims, Clock clock) {
        this.connection = connection;
        this.topics = topics;
        this.claims = claims;
        this.clock = clock;
    }

    @Override
    public Following follow(Duration past, Consumer<JobEvent> listener) {
        return new TopicFollower(
                        connection, topics, Topics.JOB_EVENTS, clock.instant().minus(past), record -> {
                            deliver(record, listener);
                        })
                .start();
    }

    private void deliver(ConsumerRecord<String, byte[]> record, Consumer<JobEvent> listener) {
        Optional<JobEvent> event = read(record);
        try {
            event.ifPresent(listener);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The listener failed at record %d of partition %d", record.offset(), record.partition());
        }
    }

    private Optional<JobEvent> read(ConsumerRecord<String, byte[]> record) {
        try {
            Optional<byte[]> value = claims.redeem(record.value(), record.headers());
            return value.isEmpty() ? Optional.empty() : Optional.of(JobEvent.parseFrom(value.get()));
        } catch (InvalidProtocolBufferException e) {
            LOG.warnf("Record %d of partition %d is no job event", record.offset(), record.partition());
        } catch (PipelineException e) {
            // While the bucket is away the log waits for it; what is gone from the bucket is gone.
            if (e.reason() != Reason.PAYLOAD_MISSING) {
                throw e;
            }
            LOG.warnf("The event of record %d of partition %d is gone", record.offset(), record.partition());
        }
        return Optional.empty();
    }
}
