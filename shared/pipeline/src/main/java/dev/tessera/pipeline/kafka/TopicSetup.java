package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.pipeline.WorkConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes topics and the settings of share groups before their first use. Safe for use by many threads. */
public final class TopicSetup implements AutoCloseable {
    private static final String DELIVERY_LIMIT = "group.share.delivery.count.limit";
    private static final int DEFAULT_DELIVERY_LIMIT = 5;
    private static final int TIMEOUT_SECONDS = 25;
    private static final int PROBE_MILLIS = 3000;

    private final Admin admin;
    private final Settings settings;
    private final Set<String> present = ConcurrentHashMap.newKeySet();

    public TopicSetup(KafkaConnection connection, Settings settings) {
        admin = connection.admin();
        this.settings = settings;
    }

    /** Makes the topic where there is none. */
    public void ensureTopic(String name) {
        if (present.contains(name)) {
            return;
        }
        try {
            await(
                    "Topic " + name + " was not made",
                    admin.createTopics(List.of(topic(name))).all());
        } catch (PipelineException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        present.add(name);
    }

    /** Work that was waiting before the first worker came is work, too; and the lock is as long as the slots think. */
    void configureGroup(Stage stage, Duration lock) {
        var group = new ConfigResource(ConfigResource.Type.GROUP, stage.key());
        var changes = List.of(
                set("share.auto.offset.reset", "earliest"),
                set("share.record.lock.duration.ms", String.valueOf(lock.toMillis())));
        await(
                "The settings of group " + stage.key() + " were not made",
                admin.incrementalAlterConfigs(Map.of(group, changes)).all());
    }

    /** After how many deliveries the broker forgets a record in silence. */
    int deliveryLimit() {
        Node node = await(
                        "The cluster was not described", admin.describeCluster().nodes())
                .iterator()
                .next();
        var broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
        var configs = await(
                "The broker was not described",
                admin.describeConfigs(List.of(broker)).all());
        return Optional.ofNullable(configs.get(broker))
                .flatMap(config -> Optional.ofNullable(config.get(DELIVERY_LIMIT)))
                .map(ConfigEntry::value)
                .map(Integer::parseInt)
                .orElse(DEFAULT_DELIVERY_LIMIT);
    }

    /** Whether a broker answers now. */
    public boolean isReachable() {
        try {
            await(
                    "No broker answers",
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs(PROBE_MILLIS))
                            .nodes());
            return true;
        } catch (PipelineException e) {
            return false;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private NewTopic topic(String name) {
        return switch (name) {
            case Topics.JOB_EVENTS -> topic(name, settings.eventPartitions(), settings.eventRetention());
            case Topics.CONTROL -> topic(name, 1, settings.eventRetention());
            case Topics.DEAD_LETTER -> topic(name, 1, settings.deadLetterRetention());
            default -> topic(name, 1, settings.workRetention());
        };
    }

    /** With as many replicas as the cluster gives by default. */
    private static NewTopic topic(String name, int partitions, Duration retention) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty())
                .configs(Map.of("retention.ms", String.valueOf(retention.toMillis())));
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), OpType.SET);
    }

    private static <T> T await(String failure, KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(Reason.BROKER_UNAVAILABLE, failure, e);
        } catch (ExecutionException e) {
            throw new PipelineException(Reason.BROKER_UNAVAILABLE, failure, Failures.causeOf(e));
        } catch (TimeoutException e) {
            throw new PipelineException(Reason.BROKER_UNAVAILABLE, failure, e);
        }
    }

    /** What new topics are like. */
    public record Settings(
            int eventPartitions, Duration workRetention, Duration eventRetention, Duration deadLetterRetention) {
        public static final Settings DEFAULT =
                new Settings(4, Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(14));

        public static Settings of(WorkConfig config) {
            return new Settings(
                    config.eventPartitions(),
                    config.retention().work(),
                    config.retention().events(),
                    config.retention().deadLetters());
        }
    }
}
