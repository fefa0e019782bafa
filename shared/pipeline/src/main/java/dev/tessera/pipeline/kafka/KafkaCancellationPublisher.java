package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.CancellationPublisher;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.CancelJob;
import dev.tessera.v1.ControlSignal;

/** Cancel signals on the control topic. */
public final class KafkaCancellationPublisher implements CancellationPublisher {
    private final RecordPublisher records;

    public KafkaCancellationPublisher(RecordPublisher records) {
        this.records = records;
    }

    @Override
    public void cancel(String jobId) {
        var signal = ControlSignal.newBuilder()
                .setCancelJob(CancelJob.newBuilder().setJobId(jobId))
                .build();
        records.publish(new OutgoingRecord(Topics.CONTROL, jobId, "", signal));
    }
}
