package dev.tessera.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void shouldStandStillUntilItIsMoved() {
        // Given
        var clock = new ManualClock(Instant.EPOCH);

        // When
        clock.advance(Duration.ofSeconds(3));

        // Then
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(3));
    }
}
