package dev.tessera.gateway;

import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/** Accepts jobs. A job is accepted when the broker has the event that says so. */
public final class JobIntake {
    private final JobRequestParser parser;
    private final JobEventPublisher publisher;
    private final JobViews views;
    private final JobFinder finder;
    private final JobPictures pictures;
    private final JobEvents events;
    private final Times times;

    /**
     * @param timeout how long after its acceptance a job is given up
     * @param patience how long to wait for the log to bring back what it was told
     */
    public record Times(Clock clock, Duration timeout, Duration patience) {}

    public JobIntake(JobRequestParser parser, JobEventPublisher publisher, Known known, Times times) {
        this.parser = parser;
        this.publisher = publisher;
        this.views = known.views();
        this.finder = known.finder();
        this.pictures = known.pictures();
        this.times = times;
        events = new JobEvents(times.clock());
    }

    /** Where jobs are found, and where the pictures are left that they bring along. */
    public record Known(JobViews views, JobFinder finder, JobPictures pictures) {}

    /** Makes a new job of every call. */
    JobDocument accept(Tenant tenant, byte[] body, RandomGenerator random) {
        JobRequest request = parser.parse(tenant, body, () -> random.nextLong(JobRequestParser.MAX_SEED + 1));
        Job job = job(request, JobIds.at(times.clock().instant(), random), tenant);
        JobEvent event = published(job, request);
        // Nobody else knows the id, so nothing can have come before this event.
        views.apply(event);
        return JobDocument.of(views.find(job.getId()).orElseThrow());
    }

    /** Makes one job of all calls with one key: its id follows from the key, its seed too where the body has none. */
    JobDocument acceptOnce(Tenant tenant, byte[] body, String key) {
        String id = JobIds.ofKey(tenant, key);
        JobRequest request = parser.parse(tenant, body, () -> JobIds.seedOf(id));
        Job job = job(request, id, tenant);
        JobDocument wanted = JobDocument.of(JobView.accepted(job, 0));
        JobDocument there = finder.find(tenant, id).orElseGet(() -> publishedFirst(job, request));
        if (!there.asksTheSameAs(wanted)) {
            throw new GatewayException(
                    GatewayException.Reason.IDEMPOTENCY_KEY_REUSED,
                    "a job with this key asks for something else; use a new key for a new job");
        }
        return there;
    }

    /** Two replicas may accept one key at a time; which job it is, the log says. */
    private JobDocument publishedFirst(Job job, JobRequest request) {
        published(job, request);
        return views.await(job.getId(), view -> true, times.patience())
                .map(JobDocument::of)
                .orElseThrow(() -> new GatewayException(
                        GatewayException.Reason.NOT_READY, "the event log is behind; ask again with the same key"));
    }

    private Job job(JobRequest request, String id, Tenant tenant) {
        Instant now = times.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        return request.toJob(id, tenant, now, now.plus(times.timeout()));
    }

    /** The picture first: an accepted job has it. One that is left behind by a job that was not accepted is swept away. */
    private JobEvent published(Job job, JobRequest request) {
        JobEvent event = events.accepted(withPictures(job, request));
        publisher.publish(event);
        return event;
    }

    private Job withPictures(Job job, JobRequest request) {
        Job.Builder whole = job.toBuilder();
        if (request.condition() instanceof JobRequest.OfMap map) {
            whole.getConditionMapBuilder().setSource(pictures.deposit(job.getId(), map.map()));
        }
        if (request.edit() instanceof EditRequest.OfPicture picture) {
            whole.setEdit(picture.edit().toBuilder().setSource(pictures.deposit(job.getId(), picture.source())));
        }
        return whole.build();
    }
}
