package dev.tessera.gateway;

import static dev.tessera.gateway.JobHistory.fold;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobViewTokensTest {
    private static final TestEvents ONE = TestEvents.ofJob("one", 1);
    private static final TestEvents TWO = TestEvents.ofJob("two", 2);

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
    void shouldBoundTokensByTheirTotal() {
        // Given
        JobView view = JobView.accepted(ONE.job(), 12);

        // When
        JobView after = view.after(ONE.progressed(0, 99, 12));

        // Then
        assertThat(after.tokensDone()).isEqualTo(12);
    }
}
