package dev.tessera.pipeline;

import dev.tessera.v1.JobEvent;

/** Tells what happened to a job. Safe for use by many threads. */
public interface JobEventPublisher {
    /** Returns once the broker has the event; throws {@link PipelineException} when it could not be published. */
    void publish(JobEvent event);

    /** For progress: does not wait and does not fail; a lost event changes nothing. */
    void publishLossy(JobEvent event);
}
