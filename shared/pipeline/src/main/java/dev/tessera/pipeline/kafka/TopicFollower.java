package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.PipelineException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole topic from a point in time on, all partitions, without a group. After any error it goes on where it
 * was, with a new consumer.
 */
final class TopicFollower implements JobEventLog.Following {
    private static final Logger LOG = Logger.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaConnection connection;
    private final TopicSetup topics;
    private final String topic;
    private final Instant from;
    private final Consumer<ConsumerRecord<String, byte[]>> listener;
    private final Thread thread;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private volatile @Nullable KafkaConsumer<String, byte[]> current;
    private volatile boolean live;
    private volatile boolean closed;

    TopicFollower(
            KafkaConnection connection,
            TopicSetup topics,
            String topic,
            Instant from,
            Consumer<ConsumerRecord<String, byte[]>> listener) {
        this.connection = connection;
        this.topics = topics;
        this.topic = topic;
        this.from = from;
        this.listener = listener;
        thread = Thread.ofPlatform().daemon().name("follow-" + topic).unstarted(this::run);
    }

    TopicFollower start() {
        thread.start();
        return this;
    }

    @Override
    public CompletionStage<Void> caughtUp() {
        return caughtUp;
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<String, byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
    }

    private void run() {
        while (!closed) {
            try {
                topics.ensureTopic(topic);
                follow();
            } catch (KafkaException | PipelineException | IllegalStateException e) {
                live = false;
                if (!closed) {
                    LOG.warnf("Topic %s is not readable (%s); trying again", topic, Failures.name(e));
                    pause();
                }
            }
        }
        live = false;
    }

    private void follow() {
        try (var consumer = connection.reader()) {
            current = consumer;
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            seek(consumer, partitions);
            while (!closed) {
                live = true;
                noteCaughtUp(consumer);
                consumer.poll(POLL).forEach(this::deliver);
            }
        } finally {
            current = null;
        }
    }

    private void seek(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        if (positions.isEmpty()) {
            ends.putAll(consumer.endOffsets(partitions));
            Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                    partitions.stream().collect(Collectors.toMap(p -> p, p -> from.toEpochMilli())));
            partitions.forEach(partition -> positions.put(partition, start(starts, partition)));
        }
        positions.forEach(consumer::seek);
    }

    /** Where nothing is young enough, the end. */
    private long start(Map<TopicPartition, OffsetAndTimestamp> starts, TopicPartition partition) {
        OffsetAndTimestamp found = starts.get(partition);
        if (found == null) {
            return ends.getOrDefault(partition, 0L);
        }
        return found.offset();
    }

    private void noteCaughtUp(KafkaConsumer<String, byte[]> consumer) {
        if (caughtUp.isDone()) {
            return;
        }
        if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            caughtUp.complete(null);
        }
    }

    private void deliver(ConsumerRecord<String, byte[]> record) {
        listener.accept(record);
        positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
