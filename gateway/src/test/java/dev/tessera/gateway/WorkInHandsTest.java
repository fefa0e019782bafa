package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** By its bundle, an image of these jobs takes the generator two seconds; tokenizer and decoder, by a guess, a twentieth of one. */
class WorkInHandsTest {
    private static final long GENERATED = 2_000_000_000L;
    private static final long DECODED = 50_000_000L;
    private static final long ENCODED = 50_000_000L;

    private final ManualClock clock = new ManualClock(TestEvents.START);
    private final JobEvents one = new JobEvents(clock, "pod-one");
    private final JobEvents two = new JobEvents(clock, "pod-two");
    private final JobViews views = new JobViews(model -> 12, new JobViews.Retention(Duration.ofHours(1), 10), clock);
    private final WorkInHands work = new WorkInHands(new ImageCosts(TestModels.both()));
    private final Job job = TestEvents.ofJob("a", 2).job();

    WorkInHandsTest() {
        views.watch(work);
        tell(one.accepted(job));
    }

    @Test
    void shouldSumWhatEachWorkerHas() {
        // When
        tell(
                one.generationStarted(job, 0, 1),
                one.generationStarted(job, 1, 1),
                one.generationProgressed(job, 0, 5, 12));

        // Then
        assertThat(work.nanosByWorker()).isEqualTo(Map.of("pod-one", 2 * GENERATED));
    }

    @Test
    void shouldFollowAnImageFromHandToHand() {
        // Given
        tell(one.generationStarted(job, 0, 1));

        // When
        tell(two.generationStarted(job, 0, 2));
        Map<String, Long> repeated = work.nanosByWorker();
        tell(two.generationCompleted(job, 0, 12, Duration.ofSeconds(1)));
        Map<String, Long> between = work.nanosByWorker();
        tell(one.decodingStarted(job, 0));
        Map<String, Long> decoding = work.nanosByWorker();
        tell(one.imageStored(job, ImageStored.newBuilder().setImageIndex(0).build()));

        // Then
        assertThat(repeated).isEqualTo(Map.of("pod-two", GENERATED));
        assertThat(between).isEmpty();
        assertThat(decoding).isEqualTo(Map.of("pod-one", DECODED));
        assertThat(work.nanosByWorker()).isEmpty();
    }

    @Test
    void shouldHaveAJobInATokenizersHandsUntilItIsEncoded() {
        // When
        tell(one.encodingStarted(job));
        Map<String, Long> begun = work.nanosByWorker();
        tell(two.encodingStarted(job));
        Map<String, Long> repeated = work.nanosByWorker();
        tell(two.encodingCompleted(job, Duration.ofMillis(3)));
        Map<String, Long> encoded = work.nanosByWorker();
        tell(one.encodingStarted(job));

        // Then
        assertThat(begun).isEqualTo(Map.of("pod-one", ENCODED));
        assertThat(repeated).isEqualTo(Map.of("pod-two", ENCODED));
        assertThat(encoded).isEmpty();
        assertThat(work.nanosByWorker()).isEmpty();
    }

    @Test
    void shouldTakeAJobFromTheTokenizerWhenAnImageIsBegun() {
        // Given
        tell(one.encodingStarted(job));

        // When
        tell(two.generationStarted(job, 0, 1));

        // Then
        assertThat(work.nanosByWorker()).isEqualTo(Map.of("pod-two", GENERATED));
    }

    @Test
    void shouldLetGoOfAJobThatEnds() {
        // Given
        Job other = TestEvents.ofJob("b", 1).job();
        tell(one.generationStarted(job, 0, 1), two.generationStarted(job, 1, 1));
        tell(one.accepted(other), one.encodingStarted(other), one.cancelled("b", "default"));

        // When
        tell(one.cancelled("a", "default"));

        // Then
        assertThat(work.nanosByWorker()).isEmpty();
    }

    @Test
    void shouldNotTakeBackWhatComesLate() {
        // Given
        tell(one.generationStarted(job, 0, 1), two.decodingStarted(job, 0));

        // When
        tell(one.generationStarted(job, 0, 1), one.generationStarted(job, 7, 1));

        // Then
        assertThat(work.nanosByWorker()).isEqualTo(Map.of("pod-two", DECODED));
    }

    @Test
    void shouldPassOverWorkersWithoutAName() {
        // When
        tell(new JobEvents(clock, "").generationStarted(job, 0, 1));

        // Then
        assertThat(work.nanosByWorker()).isEmpty();
    }

    private void tell(JobEvent... events) {
        List.of(events).forEach(views::apply);
    }
}
