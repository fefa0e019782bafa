package dev.tessera.pipeline;

/** Tells every worker that a job is not wanted any more. Safe for use by many threads. */
@FunctionalInterface
public interface CancellationPublisher {
    /** Returns once the broker has the signal; throws {@link PipelineException} when it could not be published. */
    void cancel(String jobId);
}
