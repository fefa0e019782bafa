package dev.tessera.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobObjects;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.tokenizer.Conditioners.ServedModel;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
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
import org.junit.jupiter.api.Test;

class TokenizerWorkerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Delivery DELIVERY = new Delivery(Stage.TOKENIZER, "letters", 1);

    private final CountingTextEncoder encoder = new CountingTextEncoder();
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final PictureTokens pictures = new PictureTokens(PictureTokensTest::brightness, Manifests.plain());
    private final RecordingPublisher published = new RecordingPublisher();
    private final TokenizerWorker worker = new TokenizerWorker(
            new Conditioners(
                    Map.of(
                            new ModelVersion("letters", Jobs.DIGEST),
                            new ServedModel(TextConditioner.of(new TextConditioning(8, 1), encoder), pictures)),
                    new JobPictures(new Claims(bucket, CLOCK))),
            published,
            published,
            new JobEvents(CLOCK, "pod-1"),
            new JobDemand(new CancelledJob("job-cancelled"), published, CLOCK));

    @Test
    void shouldEncodeOnceAndPublishTheWorkOfEachImage() {
        // Given
        Job job = Jobs.job().setPrompt("a cat").build();

        // When
        condition(job);

        // Then
        assertThat(encoder.prompts).containsExactly("a cat");
        assertThat(published.work).extracting(ImageConditioned::getImageIndex).containsExactly(0, 1, 2);
        assertThat(published.work).allSatisfy(work -> {
            assertThat(work.getJob()).isEqualTo(job);
            assertThat(work.getConditioning().getText().getTokens()).isEqualTo(5);
        });
        JobEvent event = published.events.getFirst();
        assertThat(event.getEventCase()).isEqualTo(JobEvent.EventCase.ENCODING_STARTED);
        assertThat(event.getJobId()).isEqualTo("job-1");
        assertThat(event.getTenant()).isEqualTo("tenant-1");
        assertThat(event.getTime()).isEqualTo(JobEvents.timestamp(NOW));
        assertThat(event.getEncodingStarted().getWorker()).isEqualTo("pod-1");
        assertThat(published.events).hasSize(2);
        assertThat(published.events.getLast().getEncodingCompleted().hasEngineTime())
                .isTrue();
    }

    @Test
    void shouldGiveEachImageOfAnEditTheTokensOfItsPicture() {
        // Given
        EditSource source = PictureTokensTest.source();
        Job job = edit(new JobPictures(new Claims(bucket, CLOCK)).deposit("job-1", source));

        // When
        condition(job);

        // Then
        assertThat(published.work).hasSize(3);
        assertThat(published.work)
                .allSatisfy(work -> assertThat(work.getKnown()).isEqualTo(pictures.of(job.getEdit(), source)));
        assertThat(published.work).extracting(ImageConditioned::getImageIndex).containsExactly(0, 1, 2);
    }

    @Test
    void shouldGiveSuperResolutionTheBaseGridThatIsOnlyToBeUpscaled() {
        // Given
        EditSource source = PictureTokensTest.source();
        Job job = edit(new JobPictures(new Claims(bucket, CLOCK)).deposit("job-1", source)).toBuilder()
                .setUpscale(true)
                .build();

        // When
        condition(job);

        // Then
        assertThat(published.work).isEmpty();
        assertThat(published.low).extracting(LowResolutionTokens::getImageIndex).containsExactly(0, 1, 2);
        assertThat(published.low).allSatisfy(low -> {
            assertThat(low.getJob()).isEqualTo(job);
            assertThat(low.getTokens())
                    .isEqualTo(pictures.of(job.getEdit(), source).getTokens());
            assertThat(low.getConditioning().getText().getTokens()).isPositive();
        });
    }

    @Test
    void shouldDropAnEditThatHasEndedAndTakenItsPictureAlong() {
        // Given
        bucket.putIfAbsent(JobObjects.record("tenant-1", "job-1"), new byte[0], "", Map.of());

        // When
        condition(edit("claims/2026-01-01/job-1/gone"));

        // Then
        assertThat(published.work).isEmpty();
    }

    private static Job edit(String source) {
        return Jobs.job()
                .setPrompt("a cat")
                .setEdit(Edit.newBuilder().setSource(source).setStrength(0.5f))
                .build();
    }

    @Test
    void shouldDropACancelledJob() {
        // When
        condition(Jobs.job().setId("job-cancelled").setPrompt("a cat").build());

        // Then
        assertThat(published.work).isEmpty();
        assertThat(published.events).isEmpty();
        assertThat(encoder.prompts).isEmpty();
    }

    @Test
    void shouldDropAnExpiredJobAndSaySo() {
        // When
        condition(Jobs.job()
                .setPrompt("a cat")
                .setDeadline(JobEvents.timestamp(NOW.minusSeconds(1)))
                .build());

        // Then
        assertThat(published.work).isEmpty();
        assertThat(published.events).extracting(JobEvent::getEventCase).containsExactly(JobEvent.EventCase.EXPIRED);
    }

    @Test
    void shouldDoAJobWhoseDeadlineIsAhead() {
        // When
        condition(Jobs.job()
                .setPrompt("a cat")
                .setDeadline(JobEvents.timestamp(NOW.plusSeconds(1)))
                .build());

        // Then
        assertThat(published.work).hasSize(3);
    }

    @Test
    void shouldRefuseAJobThatWasAcceptedForOtherWeights() {
        // Given
        Job job = Jobs.job().setPrompt("a cat").setModelDigest("e".repeat(64)).build();

        // When, Then
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> condition(job))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("model_unavailable"));
        assertThat(published.work).isEmpty();
    }

    @Test
    void shouldFailWhenTheWorkCannotBePublishedSoThatItIsRepeated() {
        // Given
        published.failing = true;

        // When, Then
        assertThatExceptionOfType(PipelineException.class)
                .isThrownBy(() -> condition(Jobs.job().setPrompt("a cat").build()));
        assertThat(published.events)
                .extracting(JobEvent::getEventCase)
                .containsExactly(JobEvent.EventCase.ENCODING_STARTED);
    }

    @Test
    void shouldFailWhenItsEventIsNotConfirmedSoThatItIsRepeated() {
        // Given
        published.confirmation = () -> {
            throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "no broker");
        };

        // When, Then
        assertThatExceptionOfType(PipelineException.class)
                .isThrownBy(() -> condition(Jobs.job().setPrompt("a cat").build()));
        assertThat(published.work).isEmpty();
    }

    private void condition(Job job) {
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

    private static final class RecordingPublisher implements WorkPublisher, JobEventPublisher {
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
