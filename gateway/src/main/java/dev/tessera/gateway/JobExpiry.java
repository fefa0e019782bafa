package dev.tessera.gateway;

import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import java.time.Clock;
import java.time.Instant;

/** Gives up jobs that are past their deadline. Every replica does; the first to say so is heard. */
public final class JobExpiry {
    private final JobViews views;
    private final JobEventPublisher publisher;
    private final JobEvents events;
    private final Clock clock;

    public JobExpiry(JobViews views, JobEventPublisher publisher, Clock clock) {
        this.views = views;
        this.publisher = publisher;
        this.clock = clock;
        events = new JobEvents(clock);
    }

    void expireOverdue() {
        Instant now = clock.instant();
        views.all().stream().filter(view -> isOverdue(view, now)).forEach(this::expire);
    }

    private static boolean isOverdue(JobView view, Instant now) {
        return !view.finished() && JobDemand.isOverdue(view.job(), now);
    }

    private void expire(JobView view) {
        publisher.publish(events.expired(view.job().getId(), view.job().getTenant()));
    }
}
