package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import java.time.Duration;

/** Cancels jobs. Whether a job was cancelled or had just ended otherwise, the log decides. */
public final class JobCanceller {
    private static final String CANCELLED = "cancelled";

    private final JobFinder finder;
    private final JobViews views;
    private final JobEventPublisher publisher;
    private final JobEvents events;
    private final Duration patience;

    /** @param patience how long to wait for the log to bring back what it was told */
    public JobCanceller(
            JobFinder finder, JobViews views, JobEventPublisher publisher, JobEvents events, Duration patience) {
        this.finder = finder;
        this.views = views;
        this.publisher = publisher;
        this.events = events;
        this.patience = patience;
    }

    /** @param byThisCall false for a job that was cancelled before */
    record Outcome(JobDocument job, boolean byThisCall) {}

    /** @throws GatewayException when there is no such job, or it has ended otherwise */
    Outcome cancel(Tenant tenant, String id) {
        JobDocument now = finder.get(tenant, id);
        if (now.finished()) {
            return new Outcome(requireCancelled(now), false);
        }
        publisher.publish(events.cancelled(id, tenant.name()));
        JobDocument after = views.await(id, JobView::finished, patience)
                .filter(JobView::finished)
                .map(JobDocument::of)
                .orElseThrow(() -> new GatewayException(
                        Reason.NOT_READY, "the event log is behind; the job may go on a little: ask again"));
        return new Outcome(requireCancelled(after), true);
    }

    private static JobDocument requireCancelled(JobDocument job) {
        if (job.status().equals(CANCELLED)) {
            return job;
        }
        throw new GatewayException(Reason.JOB_FINISHED, "the job has " + job.status() + " and cannot be cancelled");
    }
}
