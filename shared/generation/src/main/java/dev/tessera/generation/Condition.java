package dev.tessera.generation;

import dev.tessera.inference.TokenGrid;

/** What one branch of classifier-free guidance is conditioned on. */
public sealed interface Condition {
    /** One of the model's classes, from 0. */
    record OfClass(int classId) implements Condition {
        public OfClass {
            if (classId < 0) {
                throw new IllegalArgumentException("class_id must be at least 0, not " + classId);
            }
        }
    }

    /** A text, and maybe more. */
    sealed interface Textual extends Condition {
        TextStates states();
    }

    /** The text encoder's states of a prompt. */
    record OfText(TextStates states) implements Textual {}

    /**
     * A prompt, and the base grid to make a finer one of.
     *
     * @param base the same for the prompt and for what guidance leads away from
     */
    record OfBaseGrid(TextStates states, TokenGrid base) implements Textual {}

    /** A map of the image's own size, as tokens of the map's codebook. */
    record OfMap(TokenGrid map) implements Condition {}

    /** The model's own unconditional input. */
    record None() implements Condition {}
}
