package dev.tessera.tokenizer;

import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.tokenizer.Conditioners.ServedModel;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A worker with an encoder that counts letters, over a bucket in memory, and everything that it has published. */
abstract class TokenizerWorkerFixture {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Delivery DELIVERY = new Delivery(Stage.TOKENIZER, "letters", 1);

    final CountingTextEncoder encoder = new CountingTextEncoder();
    final MemoryObjectStore bucket = new MemoryObjectStore();
    final PictureTokens pictures = new PictureTokens(PictureTokensTest::brightness, Manifests.plain());
    final RecordingPublisher published = new RecordingPublisher();
    final TokenizerWorker worker = new TokenizerWorker(
            new Conditioners(
                    Map.of(
                            new ModelVersion("letters", Jobs.DIGEST),
                            new ServedModel(TextConditioner.of(new TextConditioning(8, 1), encoder), pictures)),
                    new JobPictures(new Claims(bucket, CLOCK))),
            published,
            published,
            new JobEvents(CLOCK, "pod-1"),
            new JobDemand(new CancelledJob("job-cancelled"), published, CLOCK));

    void condition(Job job) {
        worker.condition(JobSubmitted.newBuilder().setJob(job).build(), DELIVERY);
    }

    private record CancelledJob(String id) implements Cancellations {
        @Override
        public boolean isCancelled(String jobId) {
            return jobId.equals(id);
        }

        @Override
        public void onCancelled(Consumer<String> listener) {
            throw new UnsupportedOperationException();
        }
    }

    static final class RecordingPublisher implements WorkPublisher, JobEventPublisher {
        final List<ImageConditioned> work = new ArrayList<>();
        final List<LowResolutionTokens> low = new ArrayList<>();
        final List<JobEvent> events = new ArrayList<>();
        boolean failing;
        Receipt confirmation = () -> {};

        @Override
        public void publish(ImageConditioned image) {
            if (failing) {
                throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "no broker");
            }
            work.add(image);
        }

        @Override
        public Receipt send(JobEvent event) {
            events.add(event);
            return confirmation;
        }

        @Override
        public void publishLossy(JobEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void publish(JobSubmitted submitted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void publish(LowResolutionTokens tokens) {
            low.add(tokens);
        }

        @Override
        public void publish(TokensGenerated tokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void handOver(LowResolutionTokens image, Delivery delivery) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void handOver(ImageConditioned image, Delivery delivery) {
            throw new UnsupportedOperationException();
        }
    }
}
