package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.Requests.UNGUIDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NextTokenEngineTest extends NextTokenFixture {
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
        assertThat(together.stream().map(NextTokenFixture::tokens)).containsExactlyElementsOf(alone);
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
}
