package dev.tessera.generation.masked;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.TextStates;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import java.util.List;

/**
 * The texts of an image's rows: the prompt's, and with guidance the one that it leads away from.
 *
 * @param all one for each row
 */
record MaskedTexts(List<TextStates> all) {
    MaskedTexts {
        all = List.copyOf(all);
    }

    /** @throws GenerationException.Unservable when a condition is not of the model's kind or size */
    static MaskedTexts of(GenerationRequest request, boolean guided, MaskedDimensions dimensions) {
        TextStates prompt = text("conditioning", request.condition(), dimensions.text());
        return new MaskedTexts(
                guided
                        ? List.of(prompt, text("unconditional", request.unconditional(), dimensions.text()))
                        : List.of(prompt));
    }

    int rows() {
        return all.size();
    }

    private static TextStates text(String field, Condition condition, TextConditioning expected) {
        return switch (condition) {
            case Condition.OfText text when fits(text.states(), expected) -> text.states();
            case Condition.OfText text ->
                throw mismatch(field + ": text states are " + text.states() + ", the model takes "
                        + expected.maxTokens() + " x " + expected.width() + " and a pooled one of "
                        + expected.pooledWidth());
            case Condition.OfClass one -> throw mismatch(field + ": the model takes text, not a class");
            case Condition.OfMap map -> throw mismatch(field + ": the model takes text, not a map");
            case Condition.None none ->
                throw mismatch(field + " is missing: the model takes a text, if only an empty one");
        };
    }

    private static boolean fits(TextStates states, TextConditioning expected) {
        return states.tokens() == expected.maxTokens()
                && states.width() == expected.width()
                && states.pooledWidth() == expected.pooledWidth();
    }

    private static GenerationException mismatch(String message) {
        return new GenerationException.Unservable(Reason.CONDITIONING_MISMATCH, message);
    }
}
