package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.pipeline.QueueRecords;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The lag of the stages' share groups (KIP-1226). */
public final class KafkaQueueRecords implements QueueRecords, AutoCloseable {
    private static final int TIMEOUT_SECONDS = 25;

    private final Admin admin;

    public KafkaQueueRecords(KafkaConnection connection) {
        admin = connection.admin();
    }

    @Override
    public Map<String, Long> unsettled(Stage stage, Set<String> models) {
        Map<TopicPartition, SharePartitionOffsetInfo> offsets = offsets(stage.key());
        Map<String, Long> records = new HashMap<>();
        for (String model : models) {
            offsets.forEach((queue, offset) -> {
                if (Topics.isWork(queue.topic(), stage, model)) {
                    offset.lag().ifPresent(lag -> records.merge(model, lag, Long::sum));
                }
            });
        }
        return records;
    }

    /** Of all queues that the group has ever subscribed to. */
    private Map<TopicPartition, SharePartitionOffsetInfo> offsets(String group) {
        try {
            return admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(group)
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(group, e);
        } catch (ExecutionException e) {
            Throwable cause = Failures.causeOf(e);
            if (cause instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw unavailable(group, cause);
        } catch (TimeoutException e) {
            throw unavailable(group, e);
        }
    }

    private static PipelineException unavailable(String group, Throwable cause) {
        return new PipelineException(
                Reason.BROKER_UNAVAILABLE, "the broker did not tell the lag of the group " + group, cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
