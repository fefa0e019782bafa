package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.generation.TextStates;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.TextConditioning;
import org.junit.jupiter.api.Test;

class PrefixesTest {
    private static final NextTokenDimensions TEXT =
            new NextTokenDimensions(16384, 120, new Grid(16, 16), new TextConditioning(120, 8));
    private static final NextTokenDimensions CLASSES =
            new NextTokenDimensions(16384, 1, new Grid(16, 16), new ClassConditioning(1000));

    @Test
    void shouldTakeTheClassesAfterTheCodesAndTheNoClassRowLast() {
        // When
        Prefixes prefixes = Prefixes.of(Requests.ofClass(207, GUIDED, 1), CLASSES);

        // Then
        assertThat(prefixes)
                .isEqualTo(new Prefixes(new Prefix.Entries(16384 + 207, 1), new Prefix.Entries(16384 + 1000, 1)));
    }

    @Test
    void shouldTakeAsManyOfTheLastUnconditionalRowsAsThePromptHasTokens() {
        // Given
        TextStates states = Requests.states(7, 8, 1);

        // When
        Prefixes prefixes = Prefixes.of(Requests.ofText(states, GUIDED, 1), TEXT);

        // Then
        assertThat(prefixes).isEqualTo(new Prefixes(new Prefix.Text(states), new Prefix.Entries(16384 + 120 - 7, 7)));
    }

    @Test
    void shouldTakeANegativePromptWithItsOwnLength() {
        // Given
        TextStates prompt = Requests.states(7, 8, 1);
        TextStates negative = Requests.states(3, 8, 2);
        var request = new GenerationRequest(
                new Condition.OfText(prompt), new Condition.OfText(negative), GUIDED, new ImageRandom(1, 0));

        // When
        Prefixes prefixes = Prefixes.of(request, TEXT);

        // Then
        assertThat(prefixes).isEqualTo(new Prefixes(new Prefix.Text(prompt), new Prefix.Text(negative)));
    }

    @Test
    void shouldRefuseForGoodWhatTheModelCannotTakeAndNameIt() {
        assertRefused(Requests.ofText(Requests.states(7, 9, 1), GUIDED, 1), TEXT, "7 x 9");
        assertRefused(Requests.ofText(Requests.states(121, 8, 1), GUIDED, 1), TEXT, "121 x 8");
        assertRefused(Requests.ofClass(1, GUIDED, 1), TEXT, "takes text");
        assertRefused(Requests.ofClass(1000, GUIDED, 1), CLASSES, "class_id is 1000");
        assertRefused(Requests.ofText(Requests.states(7, 8, 1), GUIDED, 1), CLASSES, "takes a class");
        assertRefused(
                new GenerationRequest(new Condition.None(), new Condition.None(), GUIDED, new ImageRandom(1, 0)),
                TEXT,
                "missing");
    }

    private static void assertRefused(GenerationRequest request, NextTokenDimensions model, String message) {
        assertThatThrownBy(() -> Prefixes.of(request, model))
                .isInstanceOf(GenerationException.Unservable.class)
                .hasMessageContaining(message)
                .extracting(failure -> ((GenerationException) failure).reason())
                .isEqualTo("conditioning_mismatch");
    }
}
