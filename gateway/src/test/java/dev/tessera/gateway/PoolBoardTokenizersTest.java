package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokenizers work by the job, not by the image. */
class PoolBoardTokenizersTest extends PoolBoardFixture {
    @Test
    void shouldCountTheSecondsOfJobsThatWaitForTheTokenizer() {
        // Given
        List<Boolean> heard = new ArrayList<>();
        replica.board.listen(TOKENIZERS, heard::add);
        Job job = job("one", 3);

        // When
        tell(events.accepted(job));
        tell(events.accepted(job("two", 16)));
        PoolReading waiting = replica.board.read(TOKENIZERS);
        tell(events.encodingStarted(job));
        PoolReading begun = replica.board.read(TOKENIZERS);

        // Then
        assertThat(waiting.queuedSeconds()).isCloseTo(0.1, within(1e-9));
        assertThat(waiting.load()).isEqualTo(new PoolReading.Load(2, 0, 2, 0));
        assertThat(begun.inFlightSeconds()).isCloseTo(0.05, within(1e-9));
        assertThat(begun.load()).isEqualTo(new PoolReading.Load(2, 0, 1, 1));
        assertThat(heard).containsExactly(false, true);
    }

    @Test
    void shouldGoByWhatEncodingTookAndHaveNothingLeftOfAnEncodedJob() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));
        tell(events.encodingStarted(job));

        // When
        tell(events.encodingCompleted(job, Duration.ofSeconds(2)));

        // Then
        PoolReading tokenizers = replica.board.read(TOKENIZERS);
        assertThat(tokenizers.active()).isFalse();
        assertThat(tokenizers.seconds()).isZero();
        assertThat(tokenizers.rates()).singleElement().satisfies(rate -> {
            assertThat(rate.measured()).isTrue();
            assertThat(rate.secondsPerImage()).isCloseTo(2, within(1e-9));
        });
        assertThat(replica.board.read(GENERATORS).load()).isEqualTo(new PoolReading.Load(1, 0, 3, 0));
        tell(events.accepted(job("two", 1)));
        assertThat(replica.board.read(TOKENIZERS).queuedSeconds()).isCloseTo(2, within(1e-9));
    }

    @Test
    void shouldMeasureAJobWhoseFirstImageWasBegunBeforeItsEncodingWasTold() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));
        tell(events.encodingStarted(job));
        tell(events.generationStarted(job, 0, 1));

        // When
        tell(events.encodingCompleted(job, Duration.ofSeconds(2)));

        // Then
        PoolReading tokenizers = replica.board.read(TOKENIZERS);
        assertThat(tokenizers.active()).isFalse();
        assertThat(tokenizers.rates().getFirst().secondsPerImage()).isCloseTo(2, within(1e-9));
    }
}
