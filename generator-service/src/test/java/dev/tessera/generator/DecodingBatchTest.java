package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.Requests.UNGUIDED;
import static dev.tessera.generator.DecodingFixture.PREFIX;
import static dev.tessera.generator.DecodingFixture.byTheBook;
import static dev.tessera.generator.DecodingFixture.model;
import static dev.tessera.generator.DecodingFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class DecodingBatchTest {
    @Test
    void shouldFeedOneTokenAfterAnotherToBothBranches() {
        // Given
        GenerationRequest request = text(4, GUIDED, 1);

        // When
        TokenGrid tokens = runTogether(8, List.of(request), List.of(0)).getFirst();

        // Then
        assertThat(tokens).isEqualTo(byTheBook(request));
    }

    @Test
    void shouldMakeTheSameImageWhoeverJoinsAndLeavesMeanwhile() {
        // Given: different lengths, guided and not, joining between any two steps
        var random = new Random(3);
        List<GenerationRequest> requests = new ArrayList<>();
        List<Integer> joinAt = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            requests.add(text(1 + random.nextInt(PREFIX), i % 3 == 0 ? UNGUIDED : GUIDED, i));
            joinAt.add(i / 2 + random.nextInt(3));
        }

        // When
        List<TokenGrid> together = runTogether(32, requests, joinAt);

        // Then
        assertThat(together)
                .containsExactlyElementsOf(
                        requests.stream().map(DecodingFixture::byTheBook).toList());
    }

    @Test
    void shouldDrawWithEachImagesOwnParameters() {
        // Given
        var greedy = new SamplingParameters(1, 0, 0, 1);
        var narrow = new SamplingParameters(5, 0.7f, 5, 0.9f);
        List<GenerationRequest> requests = List.of(text(2, greedy, 1), text(2, narrow, 1), text(2, GUIDED, 1));

        // When
        List<TokenGrid> tokens = runTogether(8, requests, List.of(0, 0, 0));

        // Then
        assertThat(tokens)
                .containsExactlyElementsOf(
                        requests.stream().map(DecodingFixture::byTheBook).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldShareTheEnginesTimeByRowsAndLoseNoneOfIt() {
        // Given: every look at the clock takes the same time, and each image looks twice while it is prefilled
        long prefill = 600;
        var clock = new TickingClock(prefill);
        var model = model(6);
        var batch = new DecodingBatch(model, clock);
        var guided = new ImageInFlight(text(3, GUIDED, 1), NOBODY, model.dimensions());
        var unguided = new ImageInFlight(text(3, UNGUIDED, 2), NOBODY, model.dimensions());
        var late = new ImageInFlight(text(3, UNGUIDED, 3), NOBODY, model.dimensions());
        batch.join(guided);
        batch.join(unguided);

        // When
        batch.step();
        batch.join(late);
        finish(batch);

        // Then
        assertThat(engineNanos(guided) - prefill).isEqualTo(2 * (engineNanos(unguided) - prefill));
        assertThat(engineNanos(guided) + engineNanos(unguided) + engineNanos(late))
                .isEqualTo(clock.last - clock.first);
    }

    @Test
    void shouldFreeTheRowsOfAStoppedImageAndGoOnWithTheOthers() {
        // Given
        var model = model(6);
        var batch = new DecodingBatch(model);
        var stopping = new StoppableObserver();
        var first = new ImageInFlight(text(3, GUIDED, 1), stopping, model.dimensions());
        var second = new ImageInFlight(text(5, UNGUIDED, 2), NOBODY, model.dimensions());
        var third = new ImageInFlight(text(2, GUIDED, 3), NOBODY, model.dimensions());
        batch.join(first);
        batch.join(second);
        batch.join(third);
        batch.step();

        // When
        stopping.stop = true;
        batch.removeEnded();

        // Then
        assertThat(first.outcome().join()).isEqualTo(new GenerationOutcome.Stopped(2));
        assertThat(batch.images()).isEqualTo(2);
        finish(batch);
        assertThat(tokens(second)).isEqualTo(byTheBook(text(5, UNGUIDED, 2)));
        assertThat(tokens(third)).isEqualTo(byTheBook(text(2, GUIDED, 3)));
        assertThat(model.stepRows()).startsWith(5, 3);
    }

    @Test
    void shouldHaveRoomOnlyWhileRowsAreFree() {
        // Given
        var model = model(3);
        var batch = new DecodingBatch(model);
        var guided = new ImageInFlight(text(1, GUIDED, 1), NOBODY, model.dimensions());
        var unguided = new ImageInFlight(text(1, UNGUIDED, 2), NOBODY, model.dimensions());

        // When
        batch.join(guided);

        // Then
        assertThat(batch.hasRoomFor(unguided)).isTrue();
        assertThat(batch.hasRoomFor(guided)).isFalse();
    }

    @Test
    void shouldLeaveTheBatchAsItWasWhenAPrefillFails() {
        // Given
        var model = model(8);
        var batch = new DecodingBatch(model);
        var first = new ImageInFlight(text(3, GUIDED, 1), NOBODY, model.dimensions());
        batch.join(first);
        model.failingPrefills = 1;

        // When
        try {
            batch.join(new ImageInFlight(text(3, GUIDED, 2), NOBODY, model.dimensions()));
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessageContaining("prefill");
        }

        // Then
        assertThat(batch.images()).isEqualTo(1);
        finish(batch);
        assertThat(tokens(first)).isEqualTo(byTheBook(text(3, GUIDED, 1)));
    }

    private static List<TokenGrid> runTogether(int rows, List<GenerationRequest> requests, List<Integer> joinAt) {
        var model = model(rows);
        var batch = new DecodingBatch(model);
        List<ImageInFlight> images = requests.stream()
                .map(request -> new ImageInFlight(request, NOBODY, model.dimensions()))
                .toList();
        int joined = 0;
        for (int step = 0; joined < images.size() || !batch.isEmpty(); step++) {
            batch.removeEnded();
            while (joined < images.size() && joinAt.get(joined) <= step && batch.hasRoomFor(images.get(joined))) {
                batch.join(images.get(joined++));
            }
            if (!batch.isEmpty()) {
                batch.step();
                batch.removeEnded();
            }
        }
        return images.stream().map(DecodingBatchTest::tokens).toList();
    }

    private static void finish(DecodingBatch batch) {
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
    }

    private static TokenGrid tokens(ImageInFlight image) {
        return Outcomes.tokens(image.outcome());
    }

    private static long engineNanos(ImageInFlight image) {
        return Outcomes.engineNanos(image.outcome());
    }

    private static final class StoppableObserver implements GenerationObserver {
        private boolean stop;

        @Override
        public void progressed(int tokensDone, int tokensTotal) {}

        @Override
        public boolean stopRequested() {
            return stop;
        }
    }

    /** Moves on by one tick at each look. */
    private static final class TickingClock implements LongSupplier {
        private final long tick;
        final long first;
        long last;

        TickingClock(long tick) {
            this.tick = tick;
            first = tick;
        }

        @Override
        public long getAsLong() {
            last += tick;
            return last;
        }
    }
}
