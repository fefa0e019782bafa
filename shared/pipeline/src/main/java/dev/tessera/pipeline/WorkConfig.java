package dev.tessera.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How work is taken from the queues and put on them. */
@ConfigMapping(prefix = "tessera.work")
public interface WorkConfig {
    /** How many work items of each served model are handled at once. */
    @WithDefault("2")
    int slots();

    /** How long a work item is held between two renewals; the broker allows 15 to 60 seconds unless told otherwise. */
    @WithDefault("PT30S")
    Duration lock();

    /** How often a work item is tried; at least two below the broker's {@code group.share.delivery.count.limit}. */
    @WithDefault("8")
    int maxAttempts();

    /** The pause after a failed attempt. */
    BackOff backOff();

    /** How long work in flight may take to finish after the service was told to stop. */
    @WithDefault("PT25S")
    Duration shutdownGrace();

    /** A message of more bytes than this travels through the bucket. */
    @WithDefault("262144")
    int claimCheckBytes();

    /** How long a record may take from its publishing to the broker's confirmation; then it is given up. */
    @WithDefault("PT30S")
    Duration publishTimeout();

    /** How many partitions the topic of job events gets when it is made. */
    @WithDefault("4")
    int eventPartitions();

    /** How long topics keep what is on them, set when they are made. */
    Retention retention();

    /** The pause doubles with each attempt. */
    interface BackOff {
        /** After the first failed attempt. */
        @WithDefault("PT1S")
        Duration initial();

        /** After many. */
        @WithDefault("PT30S")
        Duration longest();
    }

    /** How long topics keep what is on them. */
    interface Retention {
        /** Work that nobody has taken. */
        @WithDefault("P7D")
        Duration work();

        /** Job events and control signals. */
        @WithDefault("P1D")
        Duration events();

        /** What could not be done. */
        @WithDefault("P14D")
        Duration deadLetters();
    }
}
