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

    /** The text encoder's states of a prompt. */
    record OfText(TextStates states) implements Condition {}

    /** A map of the image's own size, as tokens of the map's codebook. */
    record OfMap(TokenGrid map) implements Condition {}

    /** The model's own unconditional input. */
    record None() implements Condition {}
}
