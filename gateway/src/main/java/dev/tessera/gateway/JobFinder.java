package dev.tessera.gateway;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Finds a job wherever it is: in memory while it runs and a while after, then in the bucket. */
public final class JobFinder {
    private final JobViews views;
    private final JobArchive archive;
    private final Clock clock;
    private final Duration patience;

    /** @param patience how long to wait for a job that was accepted, says its id, by another replica just now */
    public JobFinder(JobViews views, JobArchive archive, Clock clock, Duration patience) {
        this.views = views;
        this.archive = archive;
        this.clock = clock;
        this.patience = patience;
    }

    /** The job as it is in memory. */
    Optional<JobView> running(Tenant tenant, String id) {
        return views.find(id).filter(view -> belongs(view, tenant));
    }

    Optional<JobDocument> find(Tenant tenant, String id) {
        if (!JobIds.isId(id)) {
            return Optional.empty();
        }
        return running(tenant, id)
                .map(JobDocument::of)
                .or(() -> archive.find(tenant, id))
                .or(() -> underway(tenant, id).map(JobDocument::of));
    }

    /** @throws GatewayException when the tenant has no such job */
    JobDocument get(Tenant tenant, String id) {
        return find(tenant, id)
                .orElseThrow(() -> new GatewayException(
                        GatewayException.Reason.JOB_NOT_FOUND, "the tenant " + tenant.name() + " has no such job"));
    }

    private Optional<JobView> underway(Tenant tenant, String id) {
        if (!JobIds.isYoung(id, clock.instant(), patience)) {
            return Optional.empty();
        }
        return views.await(id, view -> true, patience).filter(view -> belongs(view, tenant));
    }

    private static boolean belongs(JobView view, Tenant tenant) {
        return view.job().getTenant().equals(tenant.name());
    }
}
