package dev.tessera.testmodels;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.JobEventLog;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything that a service under test has told about its jobs. */
public final class FollowedJobs implements AutoCloseable {
    private static final Duration PAST = Duration.ofMinutes(10);

    private final List<JobEvent> events = new CopyOnWriteArrayList<>();
    private final JobEventLog.Following following;

    private FollowedJobs(JobEventLog log) {
        following = log.follow(PAST, events::add);
    }

    public static FollowedJobs on(JobEventLog log) {
        return new FollowedJobs(log);
    }

    /** All there is so far for one job. */
    public List<JobEvent> of(Job job) {
        return events.stream()
                .filter(event -> event.getJobId().equals(job.getId()))
                .toList();
    }

    public List<JobEvent.EventCase> kinds(Job job) {
        return of(job).stream().map(JobEvent::getEventCase).toList();
    }

    /** The job's first event of a kind, as soon as there is one. */
    public JobEvent await(Job job, JobEvent.EventCase kind) {
        eventually(() -> assertThat(kinds(job)).contains(kind));
        return of(job).stream()
                .filter(event -> event.getEventCase() == kind)
                .findFirst()
                .orElseThrow();
    }

    /** How many tokens the generator has told of, with what they cost, once it was done with an image. */
    public int tokensTold(Job job) {
        eventually(() -> assertThat(of(job))
                .anyMatch(event -> event.getGenerationProgressed().hasEngineTime()));
        return of(job).stream()
                .filter(event -> event.getGenerationProgressed().hasEngineTime())
                .findFirst()
                .orElseThrow()
                .getGenerationProgressed()
                .getTokensTotal();
    }

    @Override
    public void close() {
        following.close();
    }
}
