package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.Requests.UNGUIDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Requests;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NextTokenEngineTest {
    private static final int TOKENS = 16;

    private final FakeNextTokenModel model = new FakeNextTokenModel(8, 1, new Grid(4, 4), new ClassConditioning(10));
    private final GenerationEngine generator = new GeneratorEngines("fake", 4, Duration.ofSeconds(30)).nextToken(model);

    @AfterEach
    void close() {
        model.permits.release(1_000_000);
        generator.close();
    }

    @Test
    void shouldMakeTheSameImagesAloneAndManyAtOnce() {
        // Given
        List<GenerationRequest> requests = IntStream.range(0, 30)
                .mapToObj(i -> Requests.ofClass(i % 10, i % 4 == 0 ? UNGUIDED : GUIDED, i))
                .toList();
        List<TokenGrid> alone = requests.stream()
                .map(request -> tokens(generator.generate(request, NOBODY)))
                .toList();

        // When
        List<CompletableFuture<GenerationOutcome>> together = requests.stream()
                .map(request -> generator.generate(request, NOBODY))
                .toList();

        // Then
        assertThat(together.stream().map(NextTokenEngineTest::tokens)).containsExactlyElementsOf(alone);
        assertThat(model.stepRows()).allMatch(rows -> rows <= 8).anyMatch(rows -> rows > 2);
    }

    @Test
    void shouldForceTheTokensThatAreKeptAndDrawTheOthersAsTheModelSeesThem() {
        // Given
        GenerationRequest plain = Requests.ofClass(3, GUIDED, 7);
        TokenGrid known = tokens(generator.generate(Requests.ofClass(4, GUIDED, 8), NOBODY));
        byte[] cells = {0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0};
        var nothing = new Canvas.Masked(known, new CellMask(4, 4, new byte[TOKENS]));
        var region = new Canvas.Masked(known, new CellMask(4, 4, cells));
        var everything = new Canvas.Varied(known, 1);

        // When
        TokenGrid same = tokens(generator.generate(on(nothing, plain), NOBODY));
        TokenGrid rolled = tokens(generator.generate(on(region, plain), NOBODY));
        TokenGrid fresh = tokens(generator.generate(on(everything, plain), NOBODY));

        // Then
        assertThat(same).isEqualTo(known);
        assertThat(fresh).isEqualTo(tokens(generator.generate(plain, NOBODY)));
        for (int cell = 0; cell < TOKENS; cell++) {
            if (cells[cell] == 0) {
                assertThat(rolled.id(cell)).isEqualTo(known.id(cell));
            }
        }
        assertThat(rolled).isNotEqualTo(known);
        assertThat(tokens(generator.generate(on(region, plain), NOBODY))).isEqualTo(rolled);
    }

    private static GenerationRequest on(Canvas canvas, GenerationRequest request) {
        return new GenerationRequest(
                request.condition(), request.unconditional(), request.sampling(), request.random(), canvas);
    }

    @Test
    void shouldTellOfEveryToken() {
        // Given
        var seen = new AtomicInteger();

        // When
        generator.generate(Requests.ofClass(1, GUIDED, 1), counting(seen)).join();

        // Then
        assertThat(seen).hasValue(TOKENS);
    }

    @Test
    void shouldStopAnImageBetweenTwoTokensAndTakeTheNext() throws InterruptedException {
        // Given: four images fill the slots, and a fifth waits
        model.permits.drainPermits();
        var stop = new CountDownLatch(1);
        var started = new CountDownLatch(4);
        GenerationObserver stoppable = new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                started.countDown();
            }

            @Override
            public boolean stopRequested() {
                return stop.getCount() == 0;
            }
        };
        List<CompletableFuture<GenerationOutcome>> running = IntStream.range(0, 4)
                .mapToObj(i -> generator.generate(Requests.ofClass(i, GUIDED, i), stoppable))
                .toList();
        CompletableFuture<GenerationOutcome> fifth = generator.generate(Requests.ofClass(5, GUIDED, 5), NOBODY);
        model.permits.release(3);
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        // When
        stop.countDown();
        model.permits.release(1_000_000);

        // Then
        assertThat(running.stream().map(CompletableFuture::join))
                .allMatch(outcome ->
                        outcome instanceof GenerationOutcome.Stopped stopped && stopped.tokensDone() < TOKENS);
        assertThat(fifth.join()).isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldFailAllImagesOfAFailedStepAsTransientAndServeTheNext() {
        // Given
        model.failingSteps = 1;

        // When
        CompletableFuture<GenerationOutcome> failing = generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY);

        // Then
        assertFails(failing, "engine_failed", false);
        assertThat(generator.healthy()).isTrue();
        assertThat(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join())
                .isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldBeUnhealthyWhileStepsKeepFailingAndRecover() {
        // Given
        model.failingSteps = 3;
        for (int i = 0; i < 3; i++) {
            assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "engine_failed", false);
        }
        assertThat(generator.healthy()).isFalse();

        // When
        generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join();

        // Then
        assertThat(generator.healthy()).isTrue();
    }

    @Test
    void shouldFailOnlyTheImageWhosePrefillFails() {
        // Given
        model.failingPrefills = 1;

        // Then
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "engine_failed", false);
        assertThat(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join())
                .isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldFailForGoodAnImageWhoseLogitsAreNoNumbers() {
        // Given
        model.notNumbers = true;

        // Then
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "logits_invalid", true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFailOnlyTheImageWhoseObserverFails(boolean atProgress) {
        // Given
        GenerationObserver broken = new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                if (atProgress) {
                    throw new IllegalArgumentException("broken");
                }
            }

            @Override
            public boolean stopRequested() {
                if (atProgress) {
                    return false;
                }
                throw new IllegalStateException("broken");
            }
        };

        // Then
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), broken), "engine_failed", false);
        assertThat(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join())
                .isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldFailWhatItHasAsTransientAndCountAsDeadWhenItsThreadDies() {
        // Given
        model.outOfMemory = true;

        // When
        CompletableFuture<GenerationOutcome> inFlight = generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY);

        // Then
        assertFails(inFlight, "shutting_down", false);
        generator.close();
        assertThat(generator.alive()).isFalse();
        assertThat(generator.healthy()).isFalse();
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "shutting_down", false);
    }

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

    /** What it cost differs from time to time. */
    private static TokenGrid tokens(CompletableFuture<GenerationOutcome> outcome) {
        return ((GenerationOutcome.Completed) outcome.join()).tokens();
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

    private static void assertFails(CompletableFuture<GenerationOutcome> outcome, String reason, boolean forGood) {
        assertThatThrownBy(outcome::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(GenerationException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(reason);
                    assertThat(failure instanceof GenerationException.Unservable)
                            .isEqualTo(forGood);
                });
    }

    private static GenerationObserver counting(AtomicInteger seen) {
        return new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                seen.incrementAndGet();
                assertThat(tokensTotal).isEqualTo(TOKENS);
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
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
