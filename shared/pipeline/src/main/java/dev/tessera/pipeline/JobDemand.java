package dev.tessera.pipeline;

import com.google.protobuf.Timestamp;
import dev.tessera.v1.Job;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;

/**
 * Whether anybody still waits for a job: not when it was cancelled or its deadline has passed. Every stage asks before it
 * works. Safe for use by many threads.
 */
public final class JobDemand {
    private final Cancellations cancellations;
    private final JobEventPublisher published;
    private final JobEvents events;
    private final Clock clock;

    public JobDemand(Cancellations cancellations, JobEventPublisher published, Clock clock) {
        this.cancellations = cancellations;
        this.published = published;
        this.events = new JobEvents(clock);
        this.clock = clock;
    }

    public boolean isWanted(Job job) {
        return !cancellations.isCancelled(job.getId()) && !isOverdue(job, clock.instant());
    }

    /**
     * Lets go of work that is not wanted. That a job has expired is published here; that one was cancelled is known
     * already.
     *
     * @return why, for the log
     */
    public Reason drop(Job job) {
        if (cancellations.isCancelled(job.getId())) {
            return Reason.CANCELLED;
        }
        published.publish(events.expired(job.getId(), job.getTenant()));
        return Reason.EXPIRED;
    }

    /** Whether a job's deadline has passed; never where it has none. */
    public static boolean isOverdue(Job job, Instant now) {
        Timestamp deadline = job.getDeadline();
        return job.hasDeadline()
                && Instant.ofEpochSecond(deadline.getSeconds(), deadline.getNanos())
                        .isBefore(now);
    }

    /** Why a job is not wanted. */
    public enum Reason {
        CANCELLED,
        EXPIRED;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
