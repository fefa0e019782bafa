package dev.tessera.generator;

import dev.tessera.generation.TextStates;

/** What a row of the batch begins with, before its first image token. */
public sealed interface Prefix {
    /** Number of positions, at least one. */
    int length();

    /** Successive rows of the embedding table. */
    record Entries(int first, int length) implements Prefix {}

    /** The caption projection of text states. */
    record Text(TextStates states) implements Prefix {
        @Override
        public int length() {
            return states.tokens();
        }
    }
}
