package dev.tessera.gateway;

import dev.tessera.pipeline.JobEventLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Keeps the views in step with the event log. */
@Singleton
final class JobFollower {
    private static final Logger LOG = Logger.getLogger(JobFollower.class);

    private final JobEventLog log;
    private final JobViews views;
    private final GatewayConfig config;
    private Optional<JobEventLog.Following> following = Optional.empty();
    private final CompletableFuture<Void> past = new CompletableFuture<>();

    JobFollower(JobEventLog log, JobViews views, GatewayConfig config) {
        this.log = log;
        this.views = views;
        this.config = config;
    }

    /** Whether everything that was in the log at the start is in the views. */
    boolean caughtUp() {
        return past.isDone();
    }

    /** Completes once everything that was in the log at the start is in the views. */
    CompletionStage<Void> past() {
        return past.minimalCompletionStage();
    }

    /** Whether the log was readable at the last try. */
    boolean live() {
        return following.map(JobEventLog.Following::isLive).orElse(false);
    }

    void start(@Observes StartupEvent event) {
        JobEventLog.Following reader = log.follow(config.jobs().replayWindow(), views::apply);
        following = Optional.of(reader);
        var unused = reader.caughtUp().thenRun(() -> {
            LOG.infof("event log replayed: jobs=%d", views.all().size());
            past.complete(null);
        });
    }

    void stop(@Observes ShutdownEvent event) {
        following.ifPresent(JobEventLog.Following::close);
    }
}
