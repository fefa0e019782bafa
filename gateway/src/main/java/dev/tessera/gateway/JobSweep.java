package dev.tessera.gateway;

import dev.tessera.pipeline.PipelineException;
import io.quarkus.scheduler.Scheduled;
import org.jboss.logging.Logger;

/** Looks after the jobs in memory, time and again. */
final class JobSweep {
    private static final Logger LOG = Logger.getLogger(JobSweep.class);

    private final JobViews views;
    private final JobExpiry expiry;

    JobSweep(JobViews views, JobExpiry expiry) {
        this.views = views;
        this.expiry = expiry;
    }

    @Scheduled(
            every = "${tessera.gateway.jobs.sweep-interval:5s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        views.evict();
        try {
            expiry.expireOverdue();
        } catch (PipelineException e) {
            LOG.warnf("overdue jobs not expired yet: reason=%s", e.reason().key());
        }
    }
}
