package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Generators;
import dev.tessera.generation.Generators.ServedModel;
import dev.tessera.generation.ImageReports;
import dev.tessera.generation.ImageWorker;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.StageEvents;
import dev.tessera.generation.TokenGenerator;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TextStates;
import dev.tessera.v1.TokensGenerated;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GeneratorWorkerTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Delivery SECOND_ATTEMPT = new Delivery(Stage.GENERATOR, "fake", 2);

    private static final SuperResolution SUPERRES = new SuperResolution(
            new ImageSize(16, 16),
            new Grid(8, 8),
            new Codebook(64, 8),
            List.of(8),
            64,
            new UnmaskingDefaults(8, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT),
            1,
            1);

    private final FakeNextTokenModel model = new FakeNextTokenModel(8, 1, new Grid(4, 4), new ClassConditioning(10));
    private final GenerationEngine engine = new GeneratorEngines("fake", 4, Duration.ofSeconds(30)).nextToken(model);
    private final ManualClock clock = new ManualClock(NOON);
    private final Published published = new Published(clock);
    private final GeneratorWorker worker = worker(engine, Optional.empty());

    @AfterEach
    void close() {
        engine.close();
    }

    private static CompletableFuture<GenerationOutcome> unfinished(PartialImage done) {
        return CompletableFuture.completedFuture(new GenerationOutcome.Unfinished(done));
    }

    @Test
    void shouldPassTheTokensOnAndTellThatItBegan() {
        // Given
        ImageConditioned conditioned = conditioned(job()).setImageIndex(3).build();

        // When
        worker.generate(conditioned, SECOND_ATTEMPT);

        // Then
        var request =
                new GenerationRequest(new Condition.OfClass(5), new Condition.None(), GUIDED, new ImageRandom(77, 3));
        var expected =
                (GenerationOutcome.Completed) engine.generate(request, NOBODY).join();
        assertThat(published.tokens).singleElement().satisfies(generated -> {
            assertThat(generated.getJob()).isEqualTo(conditioned.getJob());
            assertThat(generated.getImageIndex()).isEqualTo(3);
            assertThat(generated.getTokens().getRows()).isEqualTo(4);
            assertThat(generated.getTokens().getColumns()).isEqualTo(4);
            assertThat(generated.getTokens().getCodebookSize()).isEqualTo(FakeNextTokenModel.VOCABULARY);
            assertThat(generated.getTokens().getIdsList().stream()
                            .mapToInt(id -> id)
                            .toArray())
                    .isEqualTo(expected.tokens().ids());
        });
        JobEvent started = published.events.getFirst();
        assertThat(started.getJobId()).isEqualTo("job-1");
        assertThat(started.getTenant()).isEqualTo("acme");
        assertThat(started.getGenerationStarted().getImageIndex()).isEqualTo(3);
        assertThat(started.getGenerationStarted().getAttempt()).isEqualTo(2);
    }

    @Test
    void shouldPassTheTokensAndTheirConditionOnToSuperResolutionWhereTheModelHasIt() {
        // Given
        ImageConditioned conditioned = conditioned(job())
                .setImageIndex(3)
                .setUnconditional(Conditioning.newBuilder().setClassId(9))
                .build();

        // When
        worker.generate(conditioned, SECOND_ATTEMPT);
        worker(engine, Optional.of(SUPERRES)).generate(conditioned, SECOND_ATTEMPT);

        // Then
        assertThat(published.tokens).hasSize(1);
        assertThat(published.low).singleElement().satisfies(low -> {
            assertThat(low.getJob()).isEqualTo(conditioned.getJob());
            assertThat(low.getImageIndex()).isEqualTo(3);
            assertThat(low.getTokens()).isEqualTo(published.tokens.getFirst().getTokens());
            assertThat(low.getConditioning()).isEqualTo(conditioned.getConditioning());
            assertThat(low.getUnconditional()).isEqualTo(conditioned.getUnconditional());
        });
    }

    @Test
    void shouldTellWhatTheTokensCostBeforeItPassesThemOn() {
        // When
        worker.generate(conditioned(job()).setImageIndex(3).build(), SECOND_ATTEMPT);

        // Then
        var last = published.events.getLast().getGenerationProgressed();
        assertThat(last.getImageIndex()).isEqualTo(3);
        assertThat(last.getTokensDone()).isEqualTo(16);
        assertThat(last.getTokensTotal()).isEqualTo(16);
        assertThat(last.getEngineTime().getNanos()).isPositive();
        assertThat(published.eventsBeforeTokens).isEqualTo(2);
    }

    @Test
    void shouldLeaveAnUnfinishedImageToOthersWithWhatIsDone() {
        // Given
        ImageConditioned conditioned = conditioned(job()).setImageIndex(3).build();
        var done = new PartialImage(new int[] {7, 0, PartialImage.OPEN}, 2, 2, Duration.ofMillis(1500));
        GeneratorWorker leaving = worker((request, observer) -> unfinished(done), Optional.empty());

        // When
        leaving.generate(conditioned, SECOND_ATTEMPT);

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(published.handedOver).hasSize(1).allSatisfy((left, delivery) -> {
            assertThat(left.toBuilder().clearPartial().build()).isEqualTo(conditioned);
            assertThat(left.getPartial().getTokensList()).containsExactly(8, 1, 0);
            assertThat(GenerationRequest.of(left).partial()).isEqualTo(done);
            assertThat(delivery).isEqualTo(SECOND_ATTEMPT);
        });
    }

    @Test
    void shouldNotLeaveToOthersWhatNobodyWants() {
        // Given: the job is cancelled while the worker leaves
        GeneratorWorker leaving = worker(
                (request, observer) -> {
                    published.cancelled.add("job-1");
                    return unfinished(PartialImage.none());
                },
                Optional.empty());

        // When
        leaving.generate(conditioned(job()).build(), SECOND_ATTEMPT);

        // Then
        assertThat(published.handedOver).isEmpty();
    }

    @Test
    void shouldPublishTheSameAgainWhenDeliveredAgain() {
        // Given
        ImageConditioned conditioned = conditioned(job()).build();

        // When
        worker.generate(conditioned, SECOND_ATTEMPT);
        worker.generate(conditioned, new Delivery(Stage.GENERATOR, "fake", 3));

        // Then
        assertThat(published.tokens).hasSize(2);
        assertThat(published.tokens.get(1)).isEqualTo(published.tokens.get(0));
    }

    @Test
    void shouldTellOfProgressNotMoreOftenThanTheInterval() {
        // Given: between two tokens pass 60 of 200 ms
        published.advance = Duration.ofMillis(60);

        // When
        worker.generate(conditioned(job()).build(), SECOND_ATTEMPT);

        // Then
        assertThat(published.progress)
                .isNotEmpty()
                .hasSizeLessThan(8)
                .allSatisfy(event -> assertThat(event.getGenerationProgressed().getTokensTotal())
                        .isEqualTo(16))
                .extracting(event -> event.getGenerationProgressed().getTokensDone())
                .isSorted();
    }

    @Test
    void shouldDropACancelledJobWithoutAWord() {
        // Given
        published.cancelled.add("job-1");

        // When
        worker.generate(conditioned(job()).build(), SECOND_ATTEMPT);

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(published.events).isEmpty();
    }

    @Test
    void shouldStopAnImageThatIsCancelledInTheMaking() {
        // Given: steps wait until the job is cancelled
        model.permits.drainPermits();
        published.atStart = started -> {
            published.cancelled.add(started.getJobId());
            model.permits.release(1_000_000);
        };

        // When
        worker.generate(conditioned(job()).build(), SECOND_ATTEMPT);

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(published.events).singleElement().matches(JobEvent::hasGenerationStarted);
        assertThat(model.stepRows()).hasSizeLessThan(2);
    }

    @Test
    void shouldStopAnImageWhoseStartCannotBeTold() {
        // Given
        model.permits.drainPermits();
        published.atStart = started -> {
            throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "away");
        };

        // When
        assertThatThrownBy(() -> worker.generate(conditioned(job()).build(), SECOND_ATTEMPT))
                .isInstanceOf(PipelineException.class);
        model.permits.release(1_000_000);
        engine.close();

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(model.stepRows()).hasSizeLessThan(2);
    }

    @Test
    void shouldTellThatAJobIsPastItsDeadline() {
        // Given
        Job.Builder overdue = job().setDeadline(JobEvents.timestamp(NOON.minusSeconds(1)));

        // When
        worker.generate(conditioned(overdue).build(), SECOND_ATTEMPT);

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(published.events).singleElement().matches(JobEvent::hasExpired);
    }

    @Test
    void shouldFailForGoodWithAReasonWhatNoRepetitionCanCure() {
        assertFailsForGood(conditioned(job().setModelDigest("d2")), "model_unavailable");
        assertFailsForGood(conditioned(job().setModel("other")), "model_unavailable");
        assertFailsForGood(conditioned(job()).setConditioning(text(2, 8, 32)), "conditioning_mismatch");
        assertFailsForGood(conditioned(job()).setConditioning(text(2, 8, 31)), "invalid_request");
        assertFailsForGood(conditioned(job()).clearConditioning(), "conditioning_mismatch");
        assertFailsForGood(
                conditioned(job().setSampling(
                                job().getSampling().toBuilder().setTopP(2).build())),
                "invalid_request");
        assertThat(published.tokens).isEmpty();
    }

    @Test
    void shouldFailForNowWhenTheEngineFails() {
        // Given
        model.failingSteps = 1;

        // Then
        assertThatThrownBy(() -> worker.generate(conditioned(job()).build(), SECOND_ATTEMPT))
                .isInstanceOf(GenerationException.class)
                .isNotInstanceOf(PermanentFailure.class);
    }

    private void assertFailsForGood(ImageConditioned.Builder conditioned, String reason) {
        assertThatThrownBy(() -> worker.generate(conditioned.build(), SECOND_ATTEMPT))
                .isInstanceOfSatisfying(PermanentFailure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(reason));
    }

    private static Conditioning.Builder text(int tokens, int width, int bytes) {
        return Conditioning.newBuilder()
                .setText(TextStates.newBuilder()
                        .setTokens(tokens)
                        .setWidth(width)
                        .setHalfFloats(ByteString.copyFrom(new byte[bytes])));
    }

    private GeneratorWorker worker(TokenGenerator generator, Optional<SuperResolution> superres) {
        var reports = new ImageReports(
                published, StageEvents.ofGeneration(new JobEvents(clock)), Duration.ofMillis(200), clock);
        return new GeneratorWorker(
                new Generators(Map.of(new ModelVersion("fake", "d1"), new ServedModel(generator, engine, superres))),
                published,
                new ImageWorker(Stage.GENERATOR, reports, new JobDemand(published, published, clock)));
    }

    private static ImageConditioned.Builder conditioned(Job.Builder job) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setConditioning(Conditioning.newBuilder().setClassId(5));
    }

    private static Job.Builder job() {
        return Job.newBuilder()
                .setId("job-1")
                .setTenant("acme")
                .setModel("fake")
                .setModelDigest("d1")
                .setClassId(5)
                .setImages(4)
                .setSeed(77)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(GUIDED.guidanceScale())
                        .setTemperature(1)
                        .setTopP(1));
    }

    /** Keeps what is published; jobs are cancelled by its fields. */
    private static final class Published implements WorkPublisher, JobEventPublisher, Cancellations {
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

        Published(ManualClock clock) {
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
}
