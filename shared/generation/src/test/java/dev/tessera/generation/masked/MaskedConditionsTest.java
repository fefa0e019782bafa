package dev.tessera.generation.masked;

import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.masked.MaskedFixture.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts and base grids, as the model takes them. */
class MaskedConditionsTest {
    private final MaskedBatch batch = new MaskedBatch(new FakeMaskedModel(2));

    @Test
    void shouldRefuseConditionsOfAnotherKindOrSize() {
        refused(new Condition.OfClass(1), new Condition.None(), "conditioning: the model takes text, not a class");
        refused(text(3, 3, 1), text(2, 3, 1), "conditioning: text states are TextStates[3 x 3 and 1]");
        refused(text(2, 3, 2), text(2, 3, 1), "conditioning: text states are TextStates[2 x 3 and 2]");
        refused(text(2, 3, 1), new Condition.None(), "unconditional is missing");
        refused(new Condition.None(), text(2, 3, 1), "conditioning is missing");
        refused(over(4, 1), text(2, 3, 1), "conditioning: the model takes text alone, not a base grid");
    }

    @Test
    void shouldRefuseAFinerGridWithoutTheModelsBaseGrid() {
        // Given
        var finer = new MaskedBatch(FakeMaskedModel.ofSuperResolution(2));

        // When, Then
        refused(finer, text(2, 3, 1), over(4, 1), "conditioning: the model takes a base grid with the text");
        refused(finer, over(4, 1), text(2, 3, 1), "unconditional: the model takes a base grid with the text");
        refused(finer, over(4, 1), new Condition.None(), "unconditional is missing");
        refused(
                finer,
                new Condition.OfBaseGrid(Requests.pooledStates(2, 3, 1, 1), picture()),
                over(4, 1),
                "is not of the model's base grid, 2 x 2 of 8");
        refused(
                finer,
                new Condition.OfBaseGrid(Requests.pooledStates(3, 3, 1, 1), base(1)),
                over(4, 1),
                "conditioning: text states are TextStates[3 x 3 and 1]");
    }

    @Test
    void shouldMakeAFinerGridOfTheBaseGridAndTheText() {
        // Given
        var finer = new MaskedBatch(FakeMaskedModel.ofSuperResolution(6));
        List<MaskedImage> images = Stream.of(over(4, 1), over(4, 2), over(5, 1))
                .map(prompt -> finer.image(
                        new GenerationRequest(
                                prompt,
                                new Condition.OfBaseGrid(Requests.pooledStates(2, 3, 1, 9), prompt.base()),
                                new SamplingParameters(4, 2, 0, 1),
                                new ImageRandom(1, 0)),
                        NOBODY))
                .toList();

        // When
        images.forEach(finer::join);
        while (!finer.isEmpty()) {
            finer.step();
            finer.removeEnded();
        }

        // Then
        assertThat(images.stream().map(MaskedFixture::tokens)).doesNotHaveDuplicates();
    }

    private static Condition.OfBaseGrid over(int text, int base) {
        return new Condition.OfBaseGrid(Requests.pooledStates(2, 3, 1, text), base(base));
    }

    private static TokenGrid base(int first) {
        return new TokenGrid(2, 2, 8, new int[] {first, 0, 3, 7});
    }

    private static Condition text(int tokens, int width, int pooled) {
        return new Condition.OfText(Requests.pooledStates(tokens, width, pooled, 1));
    }

    private void refused(Condition condition, Condition unconditional, String message) {
        refused(batch, condition, unconditional, message);
    }

    private static void refused(MaskedBatch batch, Condition condition, Condition unconditional, String message) {
        var request = new GenerationRequest(
                condition, unconditional, new SamplingParameters(4, 2, 0, 1), new ImageRandom(1, 0));
        assertThatThrownBy(() -> batch.image(request, NOBODY))
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo("conditioning_mismatch"))
                .hasMessageContaining(message);
    }
}
