package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredRateTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final long ONE_SECOND = 1_000_000_000;

    private record Sample(int second, int took) {}

    @Test
    void shouldKnowNothingBeforeTheFirstImage() {
        assertThat(MeasuredRate.NONE.factor()).isEmpty();
    }

    @Test
    void shouldTakeTheFirstImageForTheTruth() {
        // When
        MeasuredRate rate = measured(List.of(new Sample(0, 3)));

        // Then
        assertThat(rate.factor()).hasValue(3);
    }

    @Test
    void shouldGoByTheMeanOfImagesOfOneTime() {
        // When
        MeasuredRate rate = measured(List.of(new Sample(0, 3), new Sample(0, 1)));

        // Then
        assertThat(rate.factor().orElseThrow()).isCloseTo(2, within(1e-9));
    }

    @Test
    void shouldCountAnImageHalfAfterFiveMinutes() {
        // When
        MeasuredRate rate = measured(List.of(new Sample(0, 4), new Sample(300, 1)));

        // Then
        assertThat(rate.factor().orElseThrow()).isCloseTo((0.5 * 4 + 1) / 1.5, within(1e-9));
    }

    @Test
    void shouldNotDependOnTheOrderOfTheEvents() {
        // Given
        List<Sample> samples = new ArrayList<>(List.of(
                new Sample(0, 5), new Sample(40, 2), new Sample(41, 7), new Sample(500, 1), new Sample(3000, 3)));
        MeasuredRate inOrder = measured(samples);

        // When
        Collections.reverse(samples);
        MeasuredRate reversed = measured(samples);

        // Then
        assertThat(reversed.factor().orElseThrow()).isCloseTo(inOrder.factor().orElseThrow(), within(1e-9));
    }

    private static MeasuredRate measured(List<Sample> samples) {
        MeasuredRate rate = MeasuredRate.NONE;
        for (Sample sample : samples) {
            rate = rate.with(START.plusSeconds(sample.second()), Duration.ofSeconds(sample.took()), ONE_SECOND);
        }
        return rate;
    }
}
