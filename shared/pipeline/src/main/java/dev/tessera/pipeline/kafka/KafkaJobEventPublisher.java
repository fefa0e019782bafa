package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.JobEvent;

/** Events on the log, keyed by job. */
public final class KafkaJobEventPublisher implements JobEventPublisher {
    private final RecordPublisher records;

    public KafkaJobEventPublisher(RecordPublisher records) {
        this.records = records;
    }

    @Override
    public Receipt send(JobEvent event) {
        return records.send(record(event))::await;
    }

    @Override
    public void publishLossy(JobEvent event) {
        records.publishLossy(record(event));
    }

    private static OutgoingRecord record(JobEvent event) {
        return new OutgoingRecord(Topics.JOB_EVENTS, event.getJobId(), event.getTenant(), event);
    }
}
