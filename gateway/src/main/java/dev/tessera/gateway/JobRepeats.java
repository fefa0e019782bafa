package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.Job;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Makes a new job of a failed one's request. The end of a job is final, so the failed one stays as it is; the new one names
 * it. Its id follows from the failed job's: however often and on however many replicas it is asked for, it is one job.
 */
public final class JobRepeats {
    private final Models models;
    private final JobEventPublisher publisher;
    private final JobViews views;
    private final JobFinder finder;
    private final JobEvents events;
    private final JobIntake.Times times;

    public JobRepeats(
            Models models, JobEventPublisher publisher, JobViews views, JobFinder finder, JobIntake.Times times) {
        this.models = models;
        this.publisher = publisher;
        this.views = views;
        this.finder = finder;
        this.times = times;
        events = new JobEvents(times.clock());
    }

    /** The job that was made of a failed one; empty when there is none. */
    Optional<JobDocument> find(Tenant tenant, String failedId) {
        return finder.find(tenant, JobIds.ofRepeat(tenant, failedId));
    }

    /** @throws GatewayException when it did not fail, or its model cannot do it any more; nothing has happened then */
    JobDocument repeat(Job failed) {
        Tenant tenant = new Tenant(failed.getTenant());
        return find(tenant, failed.getId()).orElseGet(() -> published(tenant, failed));
    }

    private JobDocument published(Tenant tenant, Job failed) {
        finder.find(tenant, failed.getId()).ifPresent(JobRepeats::requireFailed);
        Instant now = times.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        Job job = failed.toBuilder()
                .setId(JobIds.ofRepeat(tenant, failed.getId()))
                .setReplayOf(failed.getId())
                .setModelDigest(usable(failed).digest())
                .setCreatedAt(JobEvents.timestamp(now))
                .setDeadline(JobEvents.timestamp(now.plus(times.timeout())))
                .build();
        publisher.publish(events.accepted(job));
        return views.await(job.getId(), view -> true, times.patience())
                .map(JobDocument::of)
                .orElseThrow(() -> new GatewayException(Reason.NOT_READY, "the event log is behind; ask again"));
    }

    /** Of a job whose record is gone, the dead letter is all there is to go by. */
    private static void requireFailed(JobDocument job) {
        if (!job.finished()) {
            throw new GatewayException(
                    Reason.NOT_READY, "the event log is behind: the job has not failed yet; ask again");
        }
        if (job.status().equals("succeeded") || job.status().equals("cancelled")) {
            throw refused("its job has " + (job.status().equals("cancelled") ? "been cancelled" : job.status())
                    + ", so nobody waits for it");
        }
    }

    /** The weights of today: those of the failed job may be the reason why it failed, and are not served any more. */
    private Model usable(Job failed) {
        Model model = models.named(failed.getModel())
                .orElseThrow(() -> refused("its model " + failed.getModel() + " is none of " + models.names()));
        if (!model.size().equals(failed.getWidth() + "x" + failed.getHeight())) {
            throw refused("its model " + model.name() + " makes pictures of " + model.size()
                    + " by now, and the job is for " + failed.getWidth() + "x" + failed.getHeight());
        }
        return model;
    }

    static GatewayException refused(String why) {
        return new GatewayException(Reason.DEAD_LETTER_NOT_REPLAYABLE, why);
    }
}
