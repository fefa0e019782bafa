package dev.tessera.gateway;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What clients can do with jobs. */
public final class JobService {
    private final JobIntake intake;
    private final JobFinder finder;
    private final JobCanceller canceller;
    private final JobViews views;
    private final RandomGenerator random;

    public JobService(
            JobIntake intake, JobFinder finder, JobCanceller canceller, JobViews views, RandomGenerator random) {
        this.intake = intake;
        this.finder = finder;
        this.canceller = canceller;
        this.views = views;
        this.random = random;
    }

    JobDocument submit(Tenant tenant, byte[] body, Optional<String> idempotencyKey) {
        return idempotencyKey
                .map(key -> intake.acceptOnce(tenant, body, key))
                .orElseGet(() -> intake.accept(tenant, body, random));
    }

    JobDocument get(Tenant tenant, String id) {
        return finder.get(tenant, id);
    }

    JobCanceller.Outcome cancel(Tenant tenant, String id) {
        return canceller.cancel(tenant, id);
    }

    List<JobDocument> newest(Tenant tenant, int limit) {
        return views.newest(tenant, limit).stream().map(JobDocument::of).toList();
    }
}
