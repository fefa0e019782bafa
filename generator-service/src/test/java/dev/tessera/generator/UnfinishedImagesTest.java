package dev.tessera.generator;

import static dev.tessera.generator.WorkerFixture.NOON;
import static dev.tessera.generator.WorkerFixture.SECOND_ATTEMPT;
import static dev.tessera.generator.WorkerFixture.conditioned;
import static dev.tessera.generator.WorkerFixture.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of images that are left to others, or that nobody wants any more. */
@Timeout(60)
class UnfinishedImagesTest {
    private final WorkerFixture fixture = new WorkerFixture();
    private final PublishedWork published = fixture.published;
    private final GeneratorWorker worker = fixture.worker;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldLeaveAnUnfinishedImageToOthersWithWhatIsDone() {
        // Given
        ImageConditioned conditioned = conditioned(job()).setImageIndex(3).build();
        var done = new PartialImage(new int[] {7, 0, PartialImage.OPEN}, 2, 2, Duration.ofMillis(1500));
        GeneratorWorker leaving = fixture.worker((request, observer) -> unfinished(done), Optional.empty());

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
        GeneratorWorker leaving = fixture.worker(
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
        fixture.model.permits.drainPermits();
        published.atStart = started -> {
            published.cancelled.add(started.getJobId());
            fixture.model.permits.release(1_000_000);
        };

        // When
        worker.generate(conditioned(job()).build(), SECOND_ATTEMPT);

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(published.events).singleElement().matches(JobEvent::hasGenerationStarted);
        assertThat(fixture.model.stepRows()).hasSizeLessThan(2);
    }

    @Test
    void shouldStopAnImageWhoseStartCannotBeTold() {
        // Given
        fixture.model.permits.drainPermits();
        published.atStart = started -> {
            throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "away");
        };

        // When
        assertThatThrownBy(() -> worker.generate(conditioned(job()).build(), SECOND_ATTEMPT))
                .isInstanceOf(PipelineException.class);
        fixture.model.permits.release(1_000_000);
        fixture.engine.close();

        // Then
        assertThat(published.tokens).isEmpty();
        assertThat(fixture.model.stepRows()).hasSizeLessThan(2);
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

    private static CompletableFuture<GenerationOutcome> unfinished(PartialImage done) {
        return CompletableFuture.completedFuture(new GenerationOutcome.Unfinished(done));
    }
}
