package dev.tessera.pipeline;

import dev.tessera.v1.JobEvent;

/** Tells what happened to a job. Safe for use by many threads. */
public interface JobEventPublisher {
    /** Returns once the broker has the event; throws {@link PipelineException} when it could not be published. */
    default void publish(JobEvent event) {
        send(event).await();
    }

    /**
     * Sends the event while the caller goes on; events of one job keep their order.
     *
     * @throws PipelineException when it could not even be sent
     */
    Receipt send(JobEvent event);

    /** For progress: does not wait and does not fail; a lost event changes nothing. */
    void publishLossy(JobEvent event);

    /** Of an event that is on its way. */
    @FunctionalInterface
    interface Receipt {
        /** Returns once the broker has the event; throws {@link PipelineException} when it could not be published. */
        void await();
    }
}
