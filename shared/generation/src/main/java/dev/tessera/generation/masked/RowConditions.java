package dev.tessera.generation.masked;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.TextStates;
import dev.tessera.generation.masked.MaskedDimensions.BaseGrid;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.TextConditioning;
import java.util.List;

/**
 * The conditions of an image's rows: the prompt's, and with guidance the one that it leads away from; in
 * super-resolution each with the same base grid.
 *
 * @param all one for each row
 */
record RowConditions(List<Condition.Textual> all) {
    RowConditions {
        all = List.copyOf(all);
    }

    /** @throws GenerationException.Unservable when a condition is not of the model's kind or size */
    static RowConditions of(GenerationRequest request, boolean guided, MaskedDimensions dimensions) {
        Condition.Textual prompt = condition("conditioning", request.condition(), dimensions);
        return new RowConditions(
                guided
                        ? List.of(prompt, condition("unconditional", request.unconditional(), dimensions))
                        : List.of(prompt));
    }

    int rows() {
        return all.size();
    }

    private static Condition.Textual condition(String field, Condition condition, MaskedDimensions model) {
        return switch (condition) {
            case Condition.OfText text when model.base().isEmpty() -> requireFit(field, text, model.text());
            case Condition.OfText text ->
                throw mismatch(field + ": the model takes a base grid with the text, and there is none");
            case Condition.OfBaseGrid fine
            when model.base().isPresent() -> {
                requireFit(field, fine.base(), model.base().get());
                yield requireFit(field, fine, model.text());
            }
            case Condition.OfBaseGrid fine -> throw mismatch(field + ": the model takes text alone, not a base grid");
            case Condition.OfClass one -> throw mismatch(field + ": the model takes text, not a class");
            case Condition.OfMap map -> throw mismatch(field + ": the model takes text, not a map");
            case Condition.None none ->
                throw mismatch(field + " is missing: the model takes a text, if only an empty one");
        };
    }

    private static Condition.Textual requireFit(String field, Condition.Textual condition, TextConditioning expected) {
        TextStates states = condition.states();
        if (states.tokens() != expected.maxTokens()
                || states.width() != expected.width()
                || states.pooledWidth() != expected.pooledWidth()) {
            throw mismatch(field + ": text states are " + states + ", the model takes " + expected.maxTokens() + " x "
                    + expected.width() + " and a pooled one of " + expected.pooledWidth());
        }
        return condition;
    }

    private static void requireFit(String field, TokenGrid base, BaseGrid expected) {
        if (base.rows() != expected.grid().rows()
                || base.columns() != expected.grid().columns()
                || !base.scales().isEmpty()
                || base.codebookSize() != expected.vocabulary()) {
            throw mismatch(field + ": " + base + " is not of the model's base grid, "
                    + expected.grid().rows() + " x " + expected.grid().columns() + " of " + expected.vocabulary());
        }
    }

    private static GenerationException mismatch(String message) {
        return new GenerationException.Unservable(Reason.CONDITIONING_MISMATCH, message);
    }
}
