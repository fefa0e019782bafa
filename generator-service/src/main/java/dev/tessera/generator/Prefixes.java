package dev.tessera.generator;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.TextStates;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;

/**
 * The prefixes of an image's two branches.
 *
 * <p>Text is packed without padding. The unconditional text prefix is as long as the prompt's own: LlamaGen masks the
 * unconditional rows by the prompt's padding, so that only the last n of the T learned rows are seen. A negative prompt
 * takes the place of these rows, with its own length.
 */
record Prefixes(Prefix conditional, Prefix unconditional) {
    /** @throws GenerationException.Unservable when a condition is not of the model's kind or size */
    static Prefixes of(GenerationRequest request, NextTokenDimensions dimensions) {
        if (request.condition() instanceof Condition.None) {
            throw mismatch("conditioning is missing");
        }
        Prefix conditional = prefix("conditioning", request.condition(), dimensions, 0);
        Prefix unconditional = prefix("unconditional", request.unconditional(), dimensions, conditional.length());
        return new Prefixes(conditional, unconditional);
    }

    private static Prefix prefix(String field, Condition condition, NextTokenDimensions model, int length) {
        return switch (model.conditioning()) {
            case ClassConditioning classes -> classPrefix(field, condition, model, classes.classes());
            case TextConditioning text -> textPrefix(field, condition, model, text, length);
            case MapConditioning map -> throw new IllegalStateException("a next-token model takes no map");
            case NoConditioning none -> throw new IllegalStateException("a next-token model takes a condition");
        };
    }

    private static Prefix classPrefix(String field, Condition condition, NextTokenDimensions model, int classes) {
        return switch (condition) {
            case Condition.OfClass one
            when one.classId() < classes -> new Prefix.Entries(model.vocabulary() + one.classId(), 1);
            case Condition.OfClass one ->
                throw mismatch(field + ": class_id is " + one.classId() + ", the model has " + classes + " classes");
            case Condition.OfText text -> throw mismatch(field + ": the model takes a class, not text");
            case Condition.OfBaseGrid fine -> throw mismatch(field + ": the model takes a class, not a base grid");
            case Condition.OfMap map -> throw mismatch(field + ": the model takes a class, not a map");
            case Condition.None none -> new Prefix.Entries(model.vocabulary() + classes, 1);
        };
    }

    private static Prefix textPrefix(
            String field, Condition condition, NextTokenDimensions model, TextConditioning expected, int length) {
        return switch (condition) {
            case Condition.OfClass one -> throw mismatch(field + ": the model takes text, not a class");
            case Condition.OfMap map -> throw mismatch(field + ": the model takes text, not a map");
            case Condition.OfBaseGrid fine -> throw mismatch(field + ": the model takes text alone, not a base grid");
            case Condition.OfText text -> {
                TextStates states = text.states();
                if (states.width() != expected.width() || states.tokens() > model.prefixTokens()) {
                    throw mismatch(field + ": text states are " + states.tokens() + " x " + states.width()
                            + ", the model takes at most " + model.prefixTokens() + " x " + expected.width());
                }
                yield new Prefix.Text(states);
            }
            case Condition.None none -> new Prefix.Entries(model.vocabulary() + model.prefixTokens() - length, length);
        };
    }

    private static GenerationException mismatch(String message) {
        return new GenerationException.Unservable(Reason.CONDITIONING_MISMATCH, message);
    }
}
