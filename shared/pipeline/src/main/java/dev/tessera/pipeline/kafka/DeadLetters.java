package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobFailed;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Where work ends that could not be done: the dead-letter topic, and a failed job. */
final class DeadLetters {
    static final String REASON = "tessera-reason";
    static final String DETAIL = "tessera-detail";
    static final String ATTEMPT = "tessera-attempt";
    static final String STAGE = "tessera-stage";
    static final String MODEL = "tessera-model";
    static final String ORIGIN_TOPIC = "tessera-origin-topic";
    static final String ORIGIN_OFFSET = "tessera-origin-offset";

    private final RecordPublisher records;
    private final JobEvents events;

    DeadLetters(RecordPublisher records, JobEvents events) {
        this.records = records;
        this.events = events;
    }

    /**
     * Publishes the job's failure, then the dead letter: if only the first gets through, it is repeated, which changes
     * nothing, while a dead letter stays the only one.
     */
    void bury(ConsumerRecord<String, byte[]> record, Delivery delivery, Failures.Verdict verdict) {
        failure(record, delivery, verdict)
                .ifPresent(event -> records.publish(
                        new OutgoingRecord(Topics.JOB_EVENTS, event.getJobId(), event.getTenant(), event)));
        records.forward(letter(record, delivery, verdict));
    }

    /** From the headers, since the value may be what is wrong; a record without a job fails none. */
    private Optional<JobEvent> failure(
            ConsumerRecord<String, byte[]> record, Delivery delivery, Failures.Verdict verdict) {
        var headers = record.headers();
        String tenant =
                CloudEventHeaders.text(headers, CloudEventHeaders.TENANT).orElse("");
        return CloudEventHeaders.text(headers, CloudEventHeaders.SUBJECT)
                .filter(jobId -> !jobId.isBlank())
                .map(jobId -> events.failed(
                        jobId,
                        tenant,
                        JobFailed.newBuilder()
                                .setReason(verdict.reason())
                                .setDetail(verdict.detail())
                                .setStage(delivery.stage().key())
                                .setAttempt(delivery.attempt())
                                .build()));
    }

    /** The value and all headers as they came, trace included, and what happened. */
    private static ProducerRecord<String, byte[]> letter(
            ConsumerRecord<String, byte[]> record, Delivery delivery, Failures.Verdict verdict) {
        var headers = new RecordHeaders(record.headers().toArray());
        CloudEventHeaders.put(headers, REASON, verdict.reason());
        CloudEventHeaders.put(headers, DETAIL, verdict.detail());
        CloudEventHeaders.put(headers, ATTEMPT, String.valueOf(delivery.attempt()));
        CloudEventHeaders.put(headers, STAGE, delivery.stage().key());
        CloudEventHeaders.put(headers, MODEL, delivery.model());
        CloudEventHeaders.put(headers, ORIGIN_TOPIC, record.topic());
        CloudEventHeaders.put(headers, ORIGIN_OFFSET, String.valueOf(record.offset()));
        return new ProducerRecord<>(Topics.DEAD_LETTER, null, record.key(), record.value(), headers);
    }
}
