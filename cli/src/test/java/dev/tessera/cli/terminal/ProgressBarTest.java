package dev.tessera.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
    private static Progress generating(int done, int total, Duration elapsed, int first) {
        return new Progress("generating", done, total, 0, 1, elapsed, first);
    }

    @Test
    void shouldDrawTokensAndTimeLeft() {
        // Given 96 of 256 tokens, of which 80 took 4 seconds
        Progress progress = generating(96, 256, Duration.ofSeconds(4), 16);

        // When
        String bar = ProgressBar.bar(progress, 80);

        // Then 160 tokens at 20 per second are left
        assertThat(bar).isEqualTo("generating [###########-------------------] 96/256 tokens, 8 s left");
    }

    @Test
    void shouldNotGuessBeforeAnythingWasMeasured() {
        // Given
        Progress progress = generating(16, 256, Duration.ZERO, 16);

        // When
        String line = ProgressBar.line(progress);

        // Then
        assertThat(line).isEqualTo("generating: 16/256 tokens");
    }

    @Test
    void shouldSayThatTheTotalIsUnknown() {
        // Given
        Progress progress = new Progress("queued", 0, 0, 0, 1, Duration.ZERO, 0);

        // When
        String bar = ProgressBar.bar(progress, 60);

        // Then
        assertThat(bar).isEqualTo("queued     [------------------------------] 0/? tokens");
    }

    @Test
    void shouldCountImagesWhenThereAreSeveral() {
        // Given
        Progress progress = new Progress("decoding", 512, 512, 1, 2, Duration.ofSeconds(9), 0);

        // When
        String bar = ProgressBar.bar(progress, 100);

        // Then
        assertThat(bar).isEqualTo("decoding   [##############################] 512/512 tokens, 1/2 images");
    }

    @Test
    void shouldWriteLongTimesInMinutesAndHours() {
        // Given two tokens a second
        Progress minutes = generating(20, 320, Duration.ofSeconds(10), 0);
        Progress hours = generating(20, 14_420, Duration.ofSeconds(10), 0);

        // When
        String first = ProgressBar.line(minutes);
        String second = ProgressBar.line(hours);

        // Then
        assertThat(first).endsWith("2 min 30 s left");
        assertThat(second).endsWith("2 h 00 min left");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20, 30, 40, 60, 200})
    void shouldNeverBeWiderThanTheTerminal(int width) {
        // Given
        Progress progress = generating(96, 256, Duration.ofSeconds(4), 16);

        // When
        String bar = ProgressBar.bar(progress, width);

        // Then
        assertThat(bar.length()).isLessThanOrEqualTo(width);
    }
}
