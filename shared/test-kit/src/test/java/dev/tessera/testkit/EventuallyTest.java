package dev.tessera.testkit;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {
    @Test
    void shouldRepeatUntilTheAssertionHolds() {
        // Given
        var calls = new AtomicInteger();

        // When
        eventually(() -> assertThat(calls.incrementAndGet()).isEqualTo(3));

        // Then
        assertThat(calls).hasValue(3);
    }

    @Test
    void shouldFailAsTheAssertionFailedLast() {
        // Given
        Duration limit = Duration.ofMillis(120);

        // When / Then
        assertThatThrownBy(() -> eventually(limit, () -> assertThat(1).as("one").isEqualTo(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("one");
    }
}
