package dev.tessera.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.TextStates;
import org.junit.jupiter.api.Test;

class RememberingTextEncoderTest {
    private final CountingTextEncoder encoder = new CountingTextEncoder();
    private final TextEncoder remembering = new RememberingTextEncoder(encoder, 2);

    @Test
    void shouldEncodeAPromptOnce() {
        // When
        TextStates first = remembering.encode("a cat");
        TextStates second = remembering.encode("a cat");

        // Then
        assertThat(second).isSameAs(first);
        assertThat(encoder.prompts).containsExactly("a cat");
    }

    @Test
    void shouldForgetThePromptThatWasLongestUnused() {
        // Given
        remembering.encode("a");
        remembering.encode("b");
        remembering.encode("a");

        // When
        remembering.encode("c");
        remembering.encode("a");
        remembering.encode("b");

        // Then
        assertThat(encoder.prompts).containsExactly("a", "b", "c", "b");
    }
}
