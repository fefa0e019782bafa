package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.DeadLetter;
import dev.tessera.pipeline.DeadLetterLog;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The dead-letter topic, which has one partition: a letter's id is its offset. Each call reads with a consumer of its own. */
public final class KafkaDeadLetterLog implements DeadLetterLog {
    private static final TopicPartition LETTERS = new TopicPartition(Topics.DEAD_LETTER, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private final TopicSetup topics;
    private final ClaimCheck claims;

    public KafkaDeadLetterLog(KafkaConnection connection, TopicSetup topics, ClaimCheck claims) {
        this.connection = connection;
        this.topics = topics;
        this.claims = claims;
    }

    @Override
    public List<DeadLetter> newest(int limit, long before) {
        return last(limit, before).stream()
                .map(KafkaDeadLetterLog::letter)
                .toList()
                .reversed();
    }

    @Override
    public Optional<DeadLetter> find(long id) {
        return record(id).map(KafkaDeadLetterLog::letter);
    }

    @Override
    public Optional<Job> job(long id) {
        return record(id).map(this::job);
    }

    private Job job(ConsumerRecord<String, byte[]> record) {
        String type =
                CloudEventHeaders.text(record.headers(), CloudEventHeaders.TYPE).orElse("");
        byte[] value = claims.redeem(record.value(), record.headers())
                .orElseThrow(() ->
                        new PipelineException(Reason.PAYLOAD_MISSING, "The message is not in the bucket any more"));
        return WorkType.jobOf(type, value);
    }

    private Optional<ConsumerRecord<String, byte[]>> record(long id) {
        return id == Long.MAX_VALUE
                ? Optional.empty()
                : last(1, id + 1).stream()
                        .filter(record -> record.offset() == id)
                        .findFirst();
    }

    /** In their order. */
    private List<ConsumerRecord<String, byte[]>> last(int limit, long before) {
        topics.ensureTopic(LETTERS.topic());
        try (KafkaConsumer<String, byte[]> consumer = connection.reader()) {
            consumer.assign(List.of(LETTERS));
            long first = consumer.beginningOffsets(List.of(LETTERS), PATIENCE).getOrDefault(LETTERS, 0L);
            long end = Math.min(
                    before, consumer.endOffsets(List.of(LETTERS), PATIENCE).getOrDefault(LETTERS, 0L));
            consumer.seek(LETTERS, Math.max(first, end - limit));
            return readTo(end, consumer);
        } catch (KafkaException e) {
            throw new PipelineException(Reason.BROKER_UNAVAILABLE, "The dead letters were not read", e);
        }
    }

    private static List<ConsumerRecord<String, byte[]>> readTo(long end, KafkaConsumer<String, byte[]> consumer) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(LETTERS, PATIENCE) < end) {
            if (System.nanoTime() > deadline) {
                throw new PipelineException(Reason.BROKER_UNAVAILABLE, "The dead letters were not read in time");
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                if (record.offset() < end) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    private static DeadLetter letter(ConsumerRecord<String, byte[]> record) {
        var origin = new DeadLetter.Origin(
                text(record, DeadLetters.ORIGIN_TOPIC), number(record, DeadLetters.ORIGIN_OFFSET));
        var end = new DeadLetter.End(
                text(record, DeadLetters.STAGE),
                text(record, DeadLetters.MODEL),
                text(record, DeadLetters.REASON),
                text(record, DeadLetters.DETAIL),
                (int) number(record, DeadLetters.ATTEMPT),
                origin);
        return new DeadLetter(
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                text(record, CloudEventHeaders.SUBJECT),
                text(record, CloudEventHeaders.TENANT),
                end);
    }

    private static String text(ConsumerRecord<String, byte[]> record, String header) {
        return CloudEventHeaders.text(record.headers(), header).orElse("");
    }

    /** 0 where it is none: a letter that others wrote is shown as far as it can be read. */
    private static long number(ConsumerRecord<String, byte[]> record, String header) {
        String digits = text(record, header);
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }
}
