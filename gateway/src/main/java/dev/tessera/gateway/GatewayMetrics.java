package dev.tessera.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the gateway counts. */
public final class GatewayMetrics {
    private static final List<String> STATES =
            List.of("queued", "encoding", "generating", "decoding", "succeeded", "failed", "cancelled", "expired");

    private final MeterRegistry registry;

    public GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how many of the jobs in memory are in each state. */
    void watch(JobViews views) {
        for (String state : STATES) {
            Gauge.builder("tessera.gateway.jobs", views, all -> count(all, state))
                    .description("Jobs this replica knows: unfinished ones and lately finished ones")
                    .tag("state", state)
                    .register(registry);
        }
    }

    void accepted(String model) {
        registry.counter("tessera.gateway.jobs.accepted", "model", model).increment();
    }

    void rejected(GatewayException.Reason reason) {
        registry.counter("tessera.gateway.requests.rejected", "code", reason.key())
                .increment();
    }

    /** Counts a job's end, once over all replicas. */
    void ended(JobView view, JobState.Final end) {
        String model = view.job().getModel();
        Instant created = JobView.instant(view.job().getCreatedAt());
        registry.counter("tessera.gateway.jobs.ended", "model", model, "state", end.key())
                .increment();
        end.startedAt().ifPresent(started -> timer("tessera.gateway.job.first.event", model)
                .record(Duration.between(created, started)));
        timer("tessera.gateway.job.last.event", model).record(Duration.between(created, end.completedAt()));
    }

    private static double count(JobViews views, String state) {
        return views.all().stream()
                .filter(view -> view.state().key().equals(state))
                .count();
    }

    private Timer timer(String name, String model) {
        return Timer.builder(name)
                .description("From a job's acceptance to this event")
                .tag("model", model)
                .publishPercentileHistogram()
                .register(registry);
    }
}
