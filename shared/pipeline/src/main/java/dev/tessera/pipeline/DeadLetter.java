package dev.tessera.pipeline;

import java.time.Instant;

/**
 * Work that was given up, without the work itself.
 *
 * @param id its place on the topic; later ones have higher ids
 * @param jobId empty where the record named none
 * @param tenant empty where the record named none
 */
public record DeadLetter(long id, Instant buriedAt, String jobId, String tenant, End end) {
    /**
     * Where and why it ended.
     *
     * @param stage the key of the stage
     * @param reason machine-readable
     * @param detail for people
     * @param attempt the last one, from 1; 0 where the letter does not say
     */
    public record End(String stage, String model, String reason, String detail, int attempt, Origin origin) {}

    /** The record on the work queue that this was. */
    public record Origin(String topic, long offset) {}
}
