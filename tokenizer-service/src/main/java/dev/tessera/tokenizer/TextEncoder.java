package dev.tessera.tokenizer;

import dev.tessera.v1.TextStates;

/** A model's text encoder. Safe for use by many threads. */
@FunctionalInterface
public interface TextEncoder {
    /**
     * The last hidden states of a prompt's tokens, tokens × width half floats, the closing token's included; or, for a
     * model that takes padded prompts, the states that it takes of all positions in single precision, and the pooled one
     * where it takes one. A prompt longer than the model takes is cut. The same prompt gives the same bits.
     *
     * @throws TokenizerException when the states cannot be told in half floats
     */
    TextStates encode(String prompt);
}
