package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long work is expected to take once some of it was measured. */
class PoolBoardRatesTest extends PoolBoardFixture {
    @Test
    void shouldGoByWhatImagesTookOnceOneWasMeasured() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));

        // When
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(5)));

        // Then
        PoolReading generators = replica.board.read(GENERATORS);
        assertThat(generators.queuedSeconds()).isCloseTo(10, within(1e-9));
        assertThat(generators.rates()).singleElement().satisfies(rate -> {
            assertThat(rate.measured()).isTrue();
            assertThat(rate.secondsPerImage()).isCloseTo(3.5 * 2.5, within(1e-9));
        });
    }

    @Test
    void shouldMeasureAnImageWhoseLastTokenWasToldBefore() {
        // Given
        Job job = job("one", 2);
        tell(events.accepted(job));
        tell(events.generationProgressed(job, 0, TOKENS, TOKENS));

        // When
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(4)));

        // Then
        assertThat(replica.board.read(GENERATORS).queuedSeconds()).isCloseTo(4, within(1e-9));
    }

    @Test
    void shouldStayTrueUntilAHundredJobsAreDone() {
        // Given two engines, and images that take three seconds where the bundle declares two
        List<Job> jobs = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            jobs.add(job("job-" + number, 1));
            tell(events.accepted(jobs.getLast()));
        }
        double truth = 300;
        for (int pair = 0; pair < jobs.size(); pair += 2) {
            for (int tokens = 1; tokens <= TOKENS; tokens++) {

                // When
                clock.advance(Duration.ofMillis(250));
                truth -= 0.5;
                work(jobs.get(pair), tokens);
                work(jobs.get(pair + 1), tokens);

                // Then
                if (pair > 0 || tokens == TOKENS) {
                    assertThat(replica.board.read(GENERATORS).seconds()).isCloseTo(truth, within(1e-6 + 0.1 * truth));
                }
            }
        }
        assertThat(replica.board.read(GENERATORS).active()).isFalse();
    }

    @Test
    void shouldSayWhenTheWorkWillBeDone() {
        // Given
        Job job = job("one", 10);
        tell(events.accepted(job));
        for (int image = 0; image < 5; image++) {
            tell(events.generationCompleted(job, image, TOKENS, Duration.ofSeconds(2)));
        }

        // When
        clock.advance(Duration.ofSeconds(10));

        // Then
        PoolReading generators = replica.board.read(GENERATORS);
        assertThat(generators.perSecond()).isCloseTo(1, within(1e-9));
        assertThat(generators.etaSeconds().orElseThrow()).isCloseTo(10, within(1e-9));
    }

    private void work(Job job, int tokens) {
        tell(
                tokens < TOKENS
                        ? events.generationProgressed(job, 0, tokens, TOKENS)
                        : events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(3)));
    }
}
