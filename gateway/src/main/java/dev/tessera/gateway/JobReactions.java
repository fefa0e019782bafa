package dev.tessera.gateway;

import dev.tessera.pipeline.CancellationPublisher;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What follows from an event: work from an accepted job, a record from a finished one. Done twice, it changes nothing
 * more.
 */
public final class JobReactions {
    private static final Logger LOG = Logger.getLogger(JobReactions.class);

    private final JobViews views;
    private final WorkPublisher work;
    private final Ending ending;
    private final Duration patience;

    /** What an end is told to. */
    public record Ending(
            JobArchive archive, Claims claims, CancellationPublisher cancellations, GatewayMetrics metrics) {}

    /** @param patience how long to wait for the views to have taken an event in */
    public JobReactions(JobViews views, WorkPublisher work, Ending ending, Duration patience) {
        this.views = views;
        this.work = work;
        this.ending = ending;
        this.patience = patience;
    }

    /** @throws GatewayException when the views have not taken the event in yet */
    void to(JobEvent event) {
        switch (event.getEventCase()) {
            case ACCEPTED -> submit(event.getAccepted().getJob());
            case IMAGE_STORED, FAILED, CANCELLED, EXPIRED -> endIfFinished(event);
            case ENCODING_STARTED,
                    ENCODING_COMPLETED,
                    GENERATION_STARTED,
                    GENERATION_PROGRESSED,
                    UPSCALING_STARTED,
                    UPSCALING_PROGRESSED,
                    DECODING_STARTED,
                    EVENT_NOT_SET -> {}
        }
    }

    private void submit(Job job) {
        if (views.find(job.getId()).filter(JobView::finished).isPresent()) {
            return;
        }
        work.publish(JobSubmitted.newBuilder().setJob(job).build());
        ending.metrics().accepted(job.getModel());
        LOG.infof("job submitted: jobId=%s model=%s", job.getId(), job.getModel());
    }

    private void endIfFinished(JobEvent event) {
        Optional<JobView> view = views.await(event.getJobId(), known -> contains(known, event), patience);
        if (view.isEmpty()) {
            LOG.infof("event of a job that is long gone: jobId=%s", event.getJobId());
            return;
        }
        if (!contains(view.get(), event)) {
            throw new GatewayException(GatewayException.Reason.NOT_READY, "the views are behind the log");
        }
        if (view.get().state() instanceof JobState.Final end) {
            end(view.get(), end);
        }
    }

    /** The fold is idempotent: what it has taken in changes nothing. */
    private static boolean contains(JobView view, JobEvent event) {
        return view.after(event).equals(view);
    }

    private void end(JobView view, JobState.Final end) {
        String id = view.job().getId();
        if (!(end instanceof JobState.Succeeded)) {
            ending.cancellations().cancel(id);
        }
        if (ending.archive().keep(view)) {
            ending.metrics().ended(view, end);
            LOG.infof("job ended: jobId=%s model=%s state=%s", id, view.job().getModel(), end.key());
        }
        // Only now: a worker that comes too late for a claim looks for the record. Dead letters need theirs.
        if (!(end instanceof JobState.Failed)) {
            ending.claims().removeOf(id, JobView.instant(view.job().getCreatedAt()));
        }
    }
}
