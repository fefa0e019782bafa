package dev.tessera.generation;

import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.v1.Job;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Tells the event log how images fare at one stage. Safe for use by many threads. */
public final class ImageReports {
    private final JobEventPublisher published;
    private final StageEvents events;
    private final Duration interval;
    private final Clock clock;

    /** @param interval between two reports of one image's progress, at least */
    public ImageReports(JobEventPublisher published, StageEvents events, Duration interval, Clock clock) {
        this.published = published;
        this.events = events;
        this.interval = interval;
        this.clock = clock;
    }

    /** The observer of an image that is to be made. */
    ReportedImage of(Job job, int imageIndex, BooleanSupplier unwanted) {
        return new ReportedImage(
                clock,
                interval,
                (done, total) -> published.publishLossy(events.progressed(job, imageIndex, done, total)),
                unwanted);
    }

    void started(Job job, int imageIndex, int attempt) {
        published.publish(events.started(job, imageIndex, attempt));
    }

    /** @param engineTime what the image cost */
    JobEventPublisher.Receipt completed(Job job, int imageIndex, int tokens, Duration engineTime) {
        return published.send(events.completed(job, imageIndex, tokens, engineTime));
    }
}
