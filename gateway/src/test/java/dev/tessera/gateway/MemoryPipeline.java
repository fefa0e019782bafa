package dev.tessera.gateway;

import dev.tessera.pipeline.CancellationPublisher;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what is published; can refuse it. */
final class MemoryPipeline implements JobEventPublisher, WorkPublisher, CancellationPublisher {
    final List<JobEvent> events = new ArrayList<>();
    final List<JobSubmitted> submitted = new ArrayList<>();
    final List<String> cancelled = new ArrayList<>();
    private Optional<PipelineException.Reason> trouble = Optional.empty();
    private int refusals;

    /** Refuses the next work so many times. */
    void refuseWork(PipelineException.Reason reason, int times) {
        trouble = Optional.of(reason);
        refusals = times;
    }

    @Override
    public Receipt send(JobEvent event) {
        events.add(event);
        return () -> {};
    }

    @Override
    public void publishLossy(JobEvent event) {
        events.add(event);
    }

    @Override
    public void publish(JobSubmitted work) {
        if (refusals-- > 0) {
            throw new PipelineException(trouble.orElseThrow(), "refused");
        }
        submitted.add(work);
    }

    @Override
    public void publish(ImageConditioned work) {
        throw new UnsupportedOperationException("the gateway conditions no images");
    }

    @Override
    public void handOver(LowResolutionTokens image, Delivery delivery) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void handOver(ImageConditioned image, Delivery delivery) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void publish(LowResolutionTokens work) {
        throw new UnsupportedOperationException("the gateway has no tokens to upscale");
    }

    @Override
    public void publish(TokensGenerated work) {
        throw new UnsupportedOperationException("the gateway generates no tokens");
    }

    @Override
    public void cancel(String jobId) {
        cancelled.add(jobId);
    }
}
