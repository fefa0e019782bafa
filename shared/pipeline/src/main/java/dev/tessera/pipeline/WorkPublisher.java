package dev.tessera.pipeline;

import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;

/**
 * Puts work on the queue of the stage that does it. Each call returns once the broker has the record on disk; the
 * caller may then acknowledge what it was made from. The current trace context travels along.
 *
 * <p>Every method throws {@link PipelineException} when the record could not be published. Safe for use by many threads.
 */
public interface WorkPublisher {
    void publish(JobSubmitted work);

    void publish(ImageConditioned work);

    void publish(LowResolutionTokens work);

    void publish(TokensGenerated work);

    /**
     * Leaves unfinished work to other workers of the stage, with what is done of it. It is no attempt that has failed; work
     * that is left too often begins to count its attempts nevertheless, so that it ends some time.
     *
     * @param delivery how the work came
     */
    void handOver(ImageConditioned work, Delivery delivery);

    /** As {@link #handOver(ImageConditioned, Delivery)}. */
    void handOver(LowResolutionTokens work, Delivery delivery);
}
