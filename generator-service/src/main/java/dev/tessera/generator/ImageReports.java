package dev.tessera.generator;

import dev.tessera.generation.ReportedImage;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.ImageConditioned;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Tells the event log how images fare. Safe for use by many threads. */
@Singleton
final class ImageReports {
    private final JobEventPublisher published;
    private final JobEvents events;
    private final Duration interval;
    private final Clock clock;

    @Inject
    ImageReports(JobEventPublisher published, JobEvents events, GeneratorConfig config) {
        this(published, events, config.progressInterval(), Clock.systemUTC());
    }

    /** @param interval between two reports of one image's progress, at least */
    ImageReports(JobEventPublisher published, JobEvents events, Duration interval, Clock clock) {
        this.published = published;
        this.events = events;
        this.interval = interval;
        this.clock = clock;
    }

    /** The observer of an image that is to be generated. */
    ReportedImage of(ImageConditioned image, BooleanSupplier unwanted) {
        return new ReportedImage(
                clock,
                interval,
                (done, total) -> published.publishLossy(
                        events.generationProgressed(image.getJob(), image.getImageIndex(), done, total)),
                unwanted);
    }

    void started(ImageConditioned image, int attempt) {
        published.publish(events.generationStarted(image.getJob(), image.getImageIndex(), attempt));
    }

    /** @param engineTime what the image cost */
    JobEventPublisher.Receipt completed(ImageConditioned image, int tokens, Duration engineTime) {
        return published.send(events.generationCompleted(image.getJob(), image.getImageIndex(), tokens, engineTime));
    }
}
