package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentWorkTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final long ONE_SECOND = 1_000_000_000;

    private final RecentWork work = new RecentWork();

    @Test
    void shouldBeNoneBeforeTheFirst() {
        assertThat(work.perSecond(START)).isZero();
    }

    @Test
    void shouldBeTheMeanSinceTheFirstOfTheLastMinute() {
        // Given
        work.add(START, 10 * ONE_SECOND);
        work.add(START.plusSeconds(5), 10 * ONE_SECOND);

        // When
        double perSecond = work.perSecond(START.plusSeconds(10));

        // Then
        assertThat(perSecond).isEqualTo(2);
    }

    @Test
    void shouldForgetWhatIsMoreThanAMinuteOld() {
        // Given
        work.add(START, 10 * ONE_SECOND);

        // When
        double perSecond = work.perSecond(START.plusSeconds(RecentWork.WINDOW_SECONDS));

        // Then
        assertThat(perSecond).isZero();
    }

    @Test
    void shouldLetAnOldEventOverwriteNothing() {
        // Given
        Instant later = START.plusSeconds(RecentWork.WINDOW_SECONDS);
        work.add(later, 4 * ONE_SECOND);

        // When
        work.add(START, 100 * ONE_SECOND);

        // Then
        assertThat(work.perSecond(later.plusSeconds(2))).isEqualTo(2);
    }
}
