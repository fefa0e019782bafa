package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolBoardListenersTest extends PoolBoardFixture {
    @Test
    void shouldTellAListenerOfTheFirstWorkAndOfTheLast() {
        // Given
        List<Boolean> heard = new ArrayList<>();
        replica.board.listen(GENERATORS, heard::add);
        Job job = job("one", 2);

        // When
        tell(events.accepted(job));
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(2)));
        tell(events.generationCompleted(job, 1, TOKENS, Duration.ofSeconds(2)));

        // Then
        assertThat(heard).containsExactly(false, true, false);
    }

    @Test
    void shouldTellNothingToAListenerThatHasGone() {
        // Given
        List<Boolean> heard = new ArrayList<>();
        Runnable stop = replica.board.listen(GENERATORS, heard::add);

        // When
        stop.run();
        tell(events.accepted(job("one", 2)));

        // Then
        assertThat(heard).containsExactly(false);
    }
}
