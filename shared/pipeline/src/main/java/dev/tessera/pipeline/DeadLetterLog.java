package dev.tessera.pipeline;

import dev.tessera.v1.Job;
import java.util.List;
import java.util.Optional;

/**
 * What could not be done, for as long as the topic keeps it. Reading takes nothing away and belongs to no group, so any
 * number of readers see the same. Every method throws {@link PipelineException} with BROKER_UNAVAILABLE when the topic
 * cannot be read. Safe for use by many threads.
 */
public interface DeadLetterLog {
    /**
     * The newest letters, the newest first.
     *
     * @param before only letters with lower ids; {@link Long#MAX_VALUE} for all
     */
    List<DeadLetter> newest(int limit, long before);

    /** Empty when there is none, or none any more. */
    Optional<DeadLetter> find(long id);

    /**
     * The job whose work a letter is; empty when there is no such letter.
     *
     * @throws PipelineException with MALFORMED_RECORD when it cannot be read, with PAYLOAD_MISSING when the bucket does not
     *     have it any more
     */
    Optional<Job> job(long id);
}
