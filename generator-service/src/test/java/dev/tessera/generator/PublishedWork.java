package dev.tessera.generator;

import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps what is published; jobs are cancelled by its fields. */
final class PublishedWork implements WorkPublisher, JobEventPublisher, Cancellations {
    final List<TokensGenerated> tokens = new CopyOnWriteArrayList<>();
    final Map<ImageConditioned, Delivery> handedOver = new ConcurrentHashMap<>();
    final List<LowResolutionTokens> low = new CopyOnWriteArrayList<>();
    final List<JobEvent> events = new CopyOnWriteArrayList<>();
    final List<JobEvent> progress = new CopyOnWriteArrayList<>();
    volatile int eventsBeforeTokens;
    final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    volatile Duration advance = Duration.ZERO;
    volatile Consumer<JobEvent> atStart = event -> {};
    private final ManualClock clock;

    PublishedWork(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public void publish(TokensGenerated work) {
        eventsBeforeTokens = events.size();
        tokens.add(work);
    }

    @Override
    public void publish(LowResolutionTokens work) {
        low.add(work);
    }

    @Override
    public void publish(JobSubmitted work) {
        throw new AssertionError("not a generator's to publish");
    }

    @Override
    public void publish(ImageConditioned work) {
        throw new AssertionError("not a generator's to publish");
    }

    @Override
    public void handOver(LowResolutionTokens work, Delivery delivery) {
        throw new AssertionError("not a generator's to hand over");
    }

    @Override
    public void handOver(ImageConditioned work, Delivery delivery) {
        handedOver.put(work, delivery);
    }

    @Override
    public Receipt send(JobEvent event) {
        events.add(event);
        return () -> atStart.accept(event);
    }

    @Override
    public void publishLossy(JobEvent event) {
        progress.add(event);
    }

    @Override
    public boolean isCancelled(String jobId) {
        clock.advance(advance);
        return cancelled.contains(jobId);
    }

    @Override
    public void onCancelled(Consumer<String> listener) {
        throw new AssertionError("not used");
    }
}
