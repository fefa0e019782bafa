package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.JobEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    void shouldNotGoBackToTheBaseGridAfterUpscalingBegan() {
        // Given
        JobView view = fold(JobView.accepted(ONE.job(), 16), ONE.upscaling(0, 1), ONE.upscaled(0, 5, 12));

        // When
        JobView after = fold(view, ONE.generating(0, 2), ONE.progressed(0, 4, 4), ONE.upscaled(0, 3, 12));

        // Then
        assertThat(after).isSameAs(view);
        assertThat(view.tokensDone()).isEqualTo(4 + 5);
    }

    @Test
    void shouldSumTokensOverImages() {
        // Given
        JobView view = JobView.accepted(TWO.job(), 12);

        // When
        JobView after = fold(view, TWO.progressed(0, 5, 12), TWO.progressed(1, 3, 12));

        // Then
        assertThat(after.tokensDone()).isEqualTo(8);
        assertThat(after.tokensTotal()).isEqualTo(24);
        assertThat(after.after(TWO.stored(0)).tokensDone()).isEqualTo(15);
    }

    @Test
    void shouldLearnTheTokenCountOfAnUnknownModel() {
        // Given
        JobView view = JobView.accepted(TWO.job(), 0);

        // When
        JobView after = view.after(TWO.progressed(0, 5, 12));

        // Then
        assertThat(view.tokensTotal()).isZero();
        assertThat(after.tokensTotal()).isEqualTo(24);
        assertThat(after.tokensDone()).isEqualTo(5);
    }

    @Test
    void shouldNotTakeTokensBackWhenAnImageIsGeneratedAgain() {
        // Given
        JobView view = fold(JobView.accepted(ONE.job(), 12), ONE.generating(0, 1), ONE.progressed(0, 9, 12));

        // When
        JobView after = fold(view, ONE.generating(0, 2), ONE.progressed(0, 4, 12));

        // Then
        assertThat(after).isSameAs(view);
    }

    @Test
    void shouldNotGoBackToGeneratingAfterDecodingBegan() {
        // Given
        JobView view = fold(JobView.accepted(ONE.job(), 12), ONE.decoding(0));

        // When
        JobView after = fold(view, ONE.encoding(), ONE.generating(0, 2), ONE.progressed(0, 4, 12));

        // Then
        assertThat(after).isSameAs(view);
    }

    @Test
    void shouldKeepTheFirstResultOfAnImage() {
        // Given
        JobView view = fold(JobView.accepted(TWO.job(), 12), TWO.stored(0, 7, "first"));

        // When
        JobView after = view.after(TWO.stored(0, 9, "second"));

        // Then
        assertThat(after).isSameAs(view);
    }

    @Test
    void shouldIgnoreImagesTheJobDoesNotHave() {
        // Given
        JobView view = JobView.accepted(ONE.job(), 12);

        // When
        JobView after = fold(view, ONE.stored(1), ONE.progressed(-1, 3, 12), ONE.decoding(Integer.MAX_VALUE));

        // Then
        assertThat(after).isSameAs(view);
    }

    @Test
    void shouldBoundTokensByTheirTotal() {
        // Given
        JobView view = JobView.accepted(ONE.job(), 12);

        // When
        JobView after = view.after(ONE.progressed(0, 99, 12));

        // Then
        assertThat(after.tokensDone()).isEqualTo(12);
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
    void shouldIgnoreAnEventOfAKindItDoesNotKnow() {
        // Given
        JobView view = JobView.accepted(ONE.job(), 12);

        // When
        JobView after = view.after(JobEvent.newBuilder().setJobId("one").build());

        // Then
        assertThat(after).isSameAs(view);
    }

    static Stream<JobEvent> ends() {
        return Stream.of(ONE.stored(0), ONE.failed("x"), ONE.cancelled(), ONE.expired());
    }

    static List<JobEvent> everyEvent() {
        return List.of(
                ONE.accepted(),
                ONE.encoding(),
                ONE.generating(0, 1),
                ONE.progressed(0, 12, 12),
                ONE.decoding(0),
                ONE.stored(0),
                ONE.failed("y"),
                ONE.cancelled(),
                ONE.expired());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void shouldChangeNothingAfterTheEnd(JobEvent end) {
        // Given
        JobView ended = JobView.accepted(ONE.job(), 12).after(end);
        assertThat(ended.finished()).isTrue();

        // When
        List<JobView> after = everyEvent().stream().map(ended::after).toList();

        // Then
        assertThat(after).allSatisfy(view -> assertThat(view).isSameAs(ended));
    }

    @ParameterizedTest
    @MethodSource("everyEvent")
    void shouldChangeNothingWhenAnEventComesTwice(JobEvent event) {
        // Given
        JobView once = JobView.accepted(ONE.job(), 12).after(event);

        // When
        JobView twice = once.after(event);

        // Then
        assertThat(twice).isSameAs(once);
    }

    @Test
    void shouldEndAlikeInWhateverOrderEventsCome() {
        // Given
        List<JobEvent> events = new ArrayList<>(List.of(
                TWO.encoding(),
                TWO.generating(0, 1),
                TWO.progressed(0, 6, 12),
                TWO.progressed(0, 12, 12),
                TWO.decoding(0),
                TWO.stored(0),
                TWO.generating(1, 1),
                TWO.progressed(1, 6, 12),
                TWO.decoding(1),
                TWO.stored(1)));
        events.addAll(List.copyOf(events));
        Random random = new Random(1);

        for (int round = 0; round < 500; round++) {
            Collections.shuffle(events, random);

            // When
            List<JobView> history = history(JobView.accepted(TWO.job(), 12), events);

            // Then
            JobView last = history.getLast();
            assertThat(last.state().key()).isEqualTo("succeeded");
            assertThat(last.tokensDone()).isEqualTo(24);
            assertThat(history).extracting(JobView::tokensDone).isSorted();
            assertThat(history).extracting(JobViewTest::rank).isSorted();
        }
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

    private static int rank(JobView view) {
        return List.of("queued", "encoding", "generating", "decoding", "succeeded")
                .indexOf(view.state().key());
    }

    private static JobView fold(JobView view, JobEvent... events) {
        return history(view, List.of(events)).getLast();
    }

    private static List<JobView> history(JobView start, List<JobEvent> events) {
        List<JobView> history = new ArrayList<>(List.of(start));
        events.forEach(event -> history.add(history.getLast().after(event)));
        return history;
    }
}
