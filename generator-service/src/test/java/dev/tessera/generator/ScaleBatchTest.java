package dev.tessera.generator;

import static dev.tessera.generation.Outcomes.assertFailed;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.generation.Requests;
import dev.tessera.inference.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleBatchTest extends ScaleBatchFixture {
    @ParameterizedTest
    @CsvSource({"4, 1, 0, 1", "0, 1, 0, 1", "1.5, 0.7, 5, 0.9", "4, 0, 0, 1"})
    void shouldDrawEachScaleWithItsShareOfTheGuidance(float cfg, float temperature, int topK, float topP) {
        // Given
        GenerationRequest request = Requests.ofClass(3, new SamplingParameters(cfg, temperature, topK, topP), 5);

        // When
        ScaleImage image = joined(request, NOBODY);
        finish();

        // Then
        assertThat(tokens(image)).isEqualTo(ScalesByTheBook.tokens(request));
    }

    @Test
    void shouldTakeTheLikeliestTokensWhenOnlyOneMayBeDrawn() {
        // Given
        GenerationRequest first = Requests.ofClass(3, new SamplingParameters(4, 1, 1, 1), 5);
        GenerationRequest greedy = Requests.ofClass(3, new SamplingParameters(4, 0, 0, 1), 6);

        // When
        ScaleImage image = joined(first, NOBODY);
        finish();

        // Then
        assertThat(tokens(image)).isEqualTo(ScalesByTheBook.tokens(greedy));
    }

    @Test
    void shouldRunTheImagesOfOneScaleTogetherAndLetNewcomersCatchUp() {
        // When
        joined(request(1, 4, 1), NOBODY);
        joined(request(2, 0, 2), NOBODY);
        batch.step();
        batch.step();
        joined(request(3, 4, 3), NOBODY);
        finish();

        // Then: scale and rows of each run
        assertThat(model.runs)
                .containsExactly(
                        List.of(0, 3), List.of(1, 3), List.of(0, 2), List.of(1, 2), List.of(2, 5), List.of(3, 5));
    }

    @Test
    void shouldTellOfEachScale() {
        // Given
        List<Integer> seen = new ArrayList<>();
        GenerationObserver observer = new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                seen.add(tokensDone);
                assertThat(tokensTotal).isEqualTo(FakeNextScaleModel.TOKENS);
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };

        // When
        joined(request(1, 4, 1), observer);
        finish();

        // Then
        assertThat(seen).containsExactly(1, 5, 14, FakeNextScaleModel.TOKENS);
    }

    @Test
    void shouldShareTheEnginesTimeByRows() {
        // Given: every look at the clock takes 60
        long[] now = {0};
        var timed = new ScaleBatch(model, () -> now[0] += 60);
        var guided = new ScaleImage(request(1, 4, 1), NOBODY, model.dimensions(), model.codes());
        var unguided = new ScaleImage(request(2, 0, 2), NOBODY, model.dimensions(), model.codes());
        timed.join(guided);
        timed.join(unguided);

        // When
        for (int scale = 0; scale < 4; scale++) {
            timed.step();
        }

        // Then: 60 to begin each, and of each scale's 60 two thirds and one third
        assertThat(engineNanos(guided)).isEqualTo(60 + 4 * 40);
        assertThat(engineNanos(unguided)).isEqualTo(60 + 4 * 20);
    }

    @Test
    void shouldFailOnlyTheImageWhoseLogitsAreNoNumbers() {
        // Given
        model.notNumbersForClass = 2;
        ScaleImage good = joined(request(1, 4, 1), NOBODY);
        ScaleImage bad = joined(request(2, 4, 2), NOBODY);

        // When
        finish();

        // Then
        assertThat(tokens(good)).isEqualTo(ScalesByTheBook.tokens(request(1, 4, 1)));
        assertFailed(bad.progress().outcome(), "logits_invalid");
    }

    @Test
    void shouldRefuseAClassThatTheModelDoesNotHave() {
        assertThatThrownBy(() -> new ScaleImage(request(10, 4, 1), NOBODY, model.dimensions(), model.codes()))
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo("conditioning_mismatch"))
                .hasMessageContaining("class_id is 10, the model has 10 classes");
    }

    private static long engineNanos(ScaleImage image) {
        return Outcomes.engineNanos(image.progress().outcome());
    }
}
