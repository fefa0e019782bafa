package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generator.WorkerFixture.SECOND_ATTEMPT;
import static dev.tessera.generator.WorkerFixture.conditioned;
import static dev.tessera.generator.WorkerFixture.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TextStates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GeneratorWorkerTest {
    private static final SuperResolution SUPERRES = new SuperResolution(
            new ImageSize(16, 16),
            new Grid(8, 8),
            new Codebook(64, 8),
            List.of(8),
            64,
            new UnmaskingDefaults(8, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT),
            1,
            1);

    private final WorkerFixture fixture = new WorkerFixture();
    private final PublishedWork published = fixture.published;
    private final GeneratorWorker worker = fixture.worker;

    @AfterEach
    void close() {
        fixture.close();
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
        var expected = (GenerationOutcome.Completed)
                fixture.engine.generate(request, NOBODY).join();
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
        fixture.worker(fixture.engine, Optional.of(SUPERRES)).generate(conditioned, SECOND_ATTEMPT);

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
        fixture.model.failingSteps = 1;

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
}
