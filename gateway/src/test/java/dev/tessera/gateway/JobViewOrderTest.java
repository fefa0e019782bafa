package dev.tessera.gateway;

import static dev.tessera.gateway.JobHistory.fold;
import static dev.tessera.gateway.JobHistory.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.JobEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that come late, twice or in any order. */
class JobViewOrderTest {
    private static final TestEvents ONE = TestEvents.ofJob("one", 1);
    private static final TestEvents TWO = TestEvents.ofJob("two", 2);

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
            assertThat(history).extracting(JobViewOrderTest::rank).isSorted();
        }
    }

    private static int rank(JobView view) {
        return List.of("queued", "encoding", "generating", "decoding", "succeeded")
                .indexOf(view.state().key());
    }
}
