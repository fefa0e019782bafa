package dev.tessera.generation.masked;

import static dev.tessera.generation.Outcomes.assertFailed;
import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.masked.MaskedFixture.CELLS;
import static dev.tessera.generation.masked.MaskedFixture.blank;
import static dev.tessera.generation.masked.MaskedFixture.request;
import static dev.tessera.generation.masked.MaskedFixture.tells;
import static dev.tessera.generation.masked.MaskedFixture.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.generation.Requests;
import dev.tessera.generation.Steps;
import dev.tessera.generation.WantedUntil;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedBatchTest {
    private final MaskedFixture fixture = new MaskedFixture();
    private final FakeMaskedModel model = fixture.model;
    private final MaskedBatch batch = fixture.batch;

    @ParameterizedTest
    @CsvSource({
        "10, 0, 6, COSINE",
        "1, 0, 6, COSINE",
        "4, 1, 6, COSINE",
        "4, 5, 3, LINEAR",
        "4, 0, 1, LINEAR",
        "3, 0, 40, COSINE"
    })
    void shouldUnmaskByTheBook(float guidance, int topK, int steps, UnmaskingSchedule schedule) {
        // Given
        GenerationRequest request = request(3, guidance, topK, new Steps.Chosen(steps, schedule), 5);

        // When
        MaskedImage image = fixture.joined(request, NOBODY);
        fixture.finish();

        // Then
        assertThat(tokens(image).ids()).isEqualTo(UnmaskingByTheBook.tokens(request, blank()));
        assertThat(model.runs).hasSize(steps);
    }

    @Test
    void shouldDrawTheSameWhateverTheSeedWhenOnlyTheLikeliestMayBeDrawn() {
        // When
        MaskedImage first = fixture.joined(request(3, 4, 1, new Steps.ModelsOwn(), 5), NOBODY);
        MaskedImage second = fixture.joined(request(3, 4, 1, new Steps.ModelsOwn(), 6), NOBODY);
        MaskedImage free = fixture.joined(request(3, 4, 0, new Steps.ModelsOwn(), 6), NOBODY);
        fixture.finish();

        // Then
        assertThat(tokens(first)).isEqualTo(tokens(second)).isNotEqualTo(tokens(free));
    }

    @Test
    void shouldRunImagesTogetherWhateverStepEachIsAt() {
        // When
        fixture.joined(request(1, 4, 1), NOBODY);
        fixture.joined(request(2, 1, 2), NOBODY);
        batch.step();
        batch.step();
        fixture.joined(request(3, 4, 0, new Steps.Chosen(3, UnmaskingSchedule.LINEAR), 3), NOBODY);
        fixture.finish();

        // Then: rows of each run
        assertThat(model.runs).containsExactly(3, 3, 5, 5, 5, 3);
    }

    @Test
    void shouldMakeTheSameImageWhoeverJoinsAndLeavesMeanwhile() {
        // Given
        var random = new Random(3);
        List<MaskedImage> wanted = new ArrayList<>();
        List<GenerationRequest> requests = new ArrayList<>();

        // When: images come between any two steps, and some leave
        for (int i = 0; i < 60; i++) {
            Steps steps = i % 5 == 0 ? new Steps.ModelsOwn() : new Steps.Chosen(1 + i % 9, UnmaskingSchedule.COSINE);
            GenerationRequest request = request(i % 10, i % 3 == 0 ? 1 : 4, i % 7, steps, i);
            boolean leaving = i % 4 == 1;
            MaskedImage image = batch.image(request, new WantedUntil(leaving ? 1 + random.nextInt(10) : 1000));
            while (!batch.hasRoomFor(image) || random.nextInt(3) == 0 && !batch.isEmpty()) {
                batch.step();
                batch.removeEnded();
            }
            batch.join(image);
            if (!leaving) {
                wanted.add(image);
                requests.add(request);
            }
        }
        fixture.finish();

        // Then
        assertThat(wanted.stream().map(image -> tokens(image).ids()))
                .containsExactlyElementsOf(requests.stream()
                        .map(request -> UnmaskingByTheBook.tokens(request, blank()))
                        .toList());
    }

    @Test
    void shouldTellHowManyTokensAreFixed() {
        // Given
        List<Integer> seen = new ArrayList<>();

        // When
        fixture.joined(request(1, 4, 0, new Steps.Chosen(4, UnmaskingSchedule.LINEAR), 1), tells(seen, CELLS));
        fixture.finish();

        // Then
        assertThat(seen).containsExactly(4, 8, 12, CELLS);
    }

    @Test
    void shouldShareTheEnginesTimeByRows() {
        // Given: every look at the clock takes 60
        long[] now = {0};
        var timed = new MaskedBatch(model, () -> now[0] += 60);
        MaskedImage guided = timed.image(request(1, 4, 1), NOBODY);
        MaskedImage unguided = timed.image(request(2, 1, 2), NOBODY);
        timed.join(guided);
        timed.join(unguided);

        // When
        for (int step = 0; step < 6; step++) {
            timed.step();
        }

        // Then: 60 to begin each, and of each step's 60 two thirds and one third
        assertThat(engineNanos(guided)).isEqualTo(60 + 6 * 40);
        assertThat(engineNanos(unguided)).isEqualTo(60 + 6 * 20);
    }

    @Test
    void shouldFailOnlyTheImageWhoseLogitsAreNoNumbers() {
        // Given
        model.notNumbersForText = Requests.pooledStates(2, 3, 1, 2).hashCode();
        MaskedImage good = fixture.joined(request(1, 4, 1), NOBODY);
        MaskedImage bad = fixture.joined(request(2, 4, 2), NOBODY);

        // When
        fixture.finish();

        // Then
        assertThat(tokens(good).ids()).isEqualTo(UnmaskingByTheBook.tokens(request(1, 4, 1), blank()));
        assertFailed(bad.progress().outcome(), "logits_invalid");
    }

    private static long engineNanos(MaskedImage image) {
        return Outcomes.engineNanos(image.progress().outcome());
    }
}
