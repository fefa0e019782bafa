package dev.tessera.gateway;

import static dev.tessera.gateway.JobHistory.fold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.JobEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobViewTest {
    private static final TestEvents ONE = TestEvents.ofJob("one", 1);
    private static final TestEvents TWO = TestEvents.ofJob("two", 2);

    @Test
    void shouldGoThroughAllStatesInOrder() {
        // Given
        JobView queued = JobView.accepted(ONE.job(), 12);
        List<JobEvent> events =
                List.of(ONE.encoding(), ONE.generating(0, 1), ONE.progressed(0, 5, 12), ONE.decoding(0), ONE.stored(0));

        // When
        List<String> states = new ArrayList<>(List.of(queued.state().key()));
        JobView view = queued;
        for (JobEvent event : events) {
            view = view.after(event);
            states.add(view.state().key());
        }

        // Then
        assertThat(states).containsExactly("queued", "encoding", "generating", "generating", "decoding", "succeeded");
        assertThat(view.state().startedAt()).contains(TestEvents.START.plusSeconds(1));
        assertThat(view.state()).isInstanceOfSatisfying(JobState.Succeeded.class, end -> assertThat(end.completedAt())
                .isEqualTo(TestEvents.START.plusSeconds(5)));
    }

    @Test
    void shouldSucceedOnlyWhenAllImagesAreStored() {
        // Given
        JobView view = fold(JobView.accepted(TWO.job(), 12), TWO.stored(1), TWO.stored(1));

        // When
        JobView after = view.after(TWO.stored(0));

        // Then
        assertThat(view.state().key()).isEqualTo("generating");
        assertThat(view.imagesDone()).isEqualTo(1);
        assertThat(after.state().key()).isEqualTo("succeeded");
        assertThat(after.imagesDone()).isEqualTo(2);
    }

    @Test
    void shouldDecodeWhenNoImageWaitsForTokens() {
        // Given
        JobView view = fold(JobView.accepted(TWO.job(), 12), TWO.decoding(0), TWO.progressed(1, 11, 12));

        // When
        JobView after = view.after(TWO.decoding(1));

        // Then
        assertThat(view.state().key()).isEqualTo("generating");
        assertThat(after.state().key()).isEqualTo("decoding");
    }

    @Test
    void shouldUpscaleWhenAllBaseGridsAreThereAndCountTheTokensOfBothGrids() {
        // Given: 4 tokens of the base grid, 12 of the finer one
        JobView view = fold(JobView.accepted(TWO.job(), 16), TWO.progressed(0, 4, 4), TWO.progressed(1, 3, 4));

        // When
        JobView one = view.after(TWO.upscaling(0, 1));
        JobView both = fold(one, TWO.progressed(1, 4, 4), TWO.upscaling(1, 1));
        JobView further = fold(both, TWO.upscaled(0, 5, 12), TWO.upscaled(1, 12, 12));

        // Then
        assertThat(one.state().key()).isEqualTo("generating");
        assertThat(one.tokensDone()).isEqualTo(7);
        assertThat(both.state().key()).isEqualTo("upscaling");
        assertThat(both.tokensDone()).isEqualTo(8);
        assertThat(further.tokensDone()).isEqualTo(9 + 16);
        assertThat(further.tokensTotal()).isEqualTo(32);
        assertThat(further.after(TWO.decoding(1)).state().key()).isEqualTo("upscaling");
        assertThat(fold(further, TWO.decoding(0), TWO.decoding(1)).state().key())
                .isEqualTo("decoding");
    }

    @Test
    void shouldSayWhyAndWhereAJobFailed() {
        // Given
        JobView view = fold(JobView.accepted(ONE.job(), 12), ONE.encoding());

        // When
        JobView after = view.after(ONE.failed("attempts_exhausted"));

        // Then
        Instant failedAt = TestEvents.START.plusSeconds(6);
        assertThat(after.state())
                .isEqualTo(new JobState.Failed(
                        new JobState.Encoding(TestEvents.START.plusSeconds(1)),
                        failedAt,
                        new JobError("attempts_exhausted", "the model would not run", "generator")));
    }

    @Test
    void shouldKnowThatAllWorkIsInItsQueueUntilAnImageIsBegun() {
        // Given
        JobView view = fold(JobView.accepted(ONE.job(), 12), ONE.encoding());

        // When
        JobView encoded = view.after(ONE.encoded());
        JobView begun = encoded.after(ONE.generating(0, 1));

        // Then
        assertThat(encoded.state()).isEqualTo(new JobState.Encoded(TestEvents.START.plusSeconds(1)));
        assertThat(encoded.after(ONE.encoding())).isEqualTo(encoded);
        assertThat(begun.state().key()).isEqualTo("generating");
        assertThat(begun.after(ONE.encoded())).isEqualTo(begun);
    }

    @Test
    void shouldNameEveryStateAsClientsKnowIt() {
        // Given
        var before = new JobState.Queued();
        var time = TestEvents.START;

        // When
        List<String> names = List.of(
                before.key(),
                new JobState.Encoding(time).key(),
                new JobState.Encoded(time).key(),
                new JobState.Generating(time).key(),
                new JobState.Decoding(time).key(),
                new JobState.Succeeded(before, time).key(),
                new JobState.Failed(before, time, new JobError("a", "b", "c")).key(),
                new JobState.Cancelled(before, time).key(),
                new JobState.Expired(before, time).key());

        // Then
        assertThat(Set.copyOf(names))
                .containsExactlyInAnyOrder(
                        "queued", "encoding", "generating", "decoding", "succeeded", "failed", "cancelled", "expired");
    }
}
