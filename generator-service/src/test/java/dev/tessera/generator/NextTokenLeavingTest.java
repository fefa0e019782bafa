package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Requests;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine that is told to leave while it draws. */
@Timeout(60)
class NextTokenLeavingTest extends NextTokenFixture {
    @Test
    void shouldFinishWhatIsInFlightWhenItLeavesAndGiveBackTheRestAsItCame() throws InterruptedException {
        // Given
        model.permits.drainPermits();
        var started = new CountDownLatch(1);
        CompletableFuture<GenerationOutcome> inFlight =
                generator.generate(Requests.ofClass(1, GUIDED, 1), startedBy(started));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(generator::close);

        // When
        PartialImage refused = unfinished(untilRefused());
        model.permits.release(1_000_000);
        closing.join();

        // Then
        assertThat(inFlight.join()).isInstanceOf(GenerationOutcome.Completed.class);
        assertThat(refused.drawn()).isZero();
        assertThat(model.closed).isTrue();
        assertThat(generator.healthy()).isFalse();
    }

    @Test
    void shouldLeaveImagesThatTakeLongerThanItMayStay() throws InterruptedException {
        // Given
        var slow = new FakeNextTokenModel(8, 1, new Grid(4, 4), new ClassConditioning(10));
        slow.permits.drainPermits();
        var impatient = new GeneratorEngines("slow", 4, Duration.ZERO).nextToken(slow);
        var started = new CountDownLatch(1);
        CompletableFuture<GenerationOutcome> inFlight =
                impatient.generate(Requests.ofClass(1, GUIDED, 1), startedBy(started));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        // When
        CompletableFuture<Void> closing = CompletableFuture.runAsync(impatient::close);
        while (impatient.healthy()) {
            Thread.sleep(1);
        }
        slow.permits.release(1);
        closing.join();

        // Then
        PartialImage done = unfinished(inFlight);
        assertThat(done.drawn()).isBetween(1, TOKENS - 1).isEqualTo(done.tokensDone());
        model.permits.release(1_000_000);
        assertThat(tokens(generator.generate(Requests.ofClass(1, GUIDED, 1).after(done), NOBODY)))
                .isEqualTo(tokens(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY)));
        assertThat(slow.closed).isTrue();
    }

    private static PartialImage unfinished(CompletableFuture<GenerationOutcome> outcome) {
        return ((GenerationOutcome.Unfinished) outcome.join()).done();
    }

    /** Images that are in time for the last slots go on; the first that is refused comes back. */
    private CompletableFuture<GenerationOutcome> untilRefused() throws InterruptedException {
        while (generator.healthy()) {
            Thread.sleep(1);
        }
        return generator.generate(Requests.ofClass(2, GUIDED, 2), NOBODY);
    }

    private static GenerationObserver startedBy(CountDownLatch latch) {
        return new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                latch.countDown();
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
    }
}
