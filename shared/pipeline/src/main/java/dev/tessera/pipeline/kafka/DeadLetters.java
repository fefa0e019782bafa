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
        CloudEventHeaders.put(headers, "tessera-reason", verdict.reason());
        CloudEventHeaders.put(headers, "tessera-detail", verdict.detail());
        CloudEventHeaders.put(headers, "tessera-attempt", String.valueOf(delivery.attempt()));
        CloudEventHeaders.put(headers, "tessera-stage", delivery.stage().key());
        CloudEventHeaders.put(headers, "tessera-model", delivery.model());
        CloudEventHeaders.put(headers, "tessera-origin-topic", record.topic());
        CloudEventHeaders.put(headers, "tessera-origin-offset", String.valueOf(record.offset()));
        return new ProducerRecord<>(Topics.DEAD_LETTER, null, record.key(), record.value(), headers);
    }
}
