package dev.tessera.tokenizer;

import dev.tessera.v1.TextStates;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Remembers the prompts that were encoded last; a negative prompt is often the same for every job. */
public final class RememberingTextEncoder implements TextEncoder {
    private final TextEncoder encoder;
    private final int capacity;
    private final SequencedMap<String, TextStates> remembered = new LinkedHashMap<>(16, 0.75f, true);

    /** @param capacity number of prompts */
    public RememberingTextEncoder(TextEncoder encoder, int capacity) {
        this.encoder = encoder;
        this.capacity = capacity;
    }

    @Override
    public TextStates encode(String prompt) {
        // Two threads may both encode a new prompt: they get the same bits, and neither waits for the other.
        return recall(prompt).orElseGet(() -> remember(prompt, encoder.encode(prompt)));
    }

    private synchronized Optional<TextStates> recall(String prompt) {
        return Optional.ofNullable(remembered.get(prompt));
    }

    private synchronized TextStates remember(String prompt, TextStates states) {
        remembered.put(prompt, states);
        if (remembered.size() > capacity) {
            remembered.remove(remembered.sequencedKeySet().getFirst());
        }
        return states;
    }
}
