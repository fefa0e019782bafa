package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyLlamaGen;
import dev.tessera.v1.TextStates;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the prompt to the states, against Hugging Face's tokenizers, T5 and an independent implementation of CLIP. */
class TextEncoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    @Test
    void shouldMakeTheSameStatesOfAPrompt(@TempDir Path folder) {
        // Given
        TinyLlamaGen tiny = TinyLlamaGen.text();
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        TextConditioning conditioning = (TextConditioning) bundle.manifest().conditioning();
        JsonNode prompts = tiny.facts().get("prompts");
        assertThat(prompts.size()).isPositive();
        try (OnnxTextEncoder encoder = OnnxTextEncoder.open(bundle, conditioning, GraphOptions.defaults())) {
            for (int i = 0; i < prompts.size(); i++) {
                // When
                float[] states = encoder.states(prompts.get(i).textValue());

                // Then
                assertThat(states).containsExactly(tiny.expected("states." + i), within(TOLERANCE));
            }
        }
    }

    /** One tokenizer put together from its parts, with the closing token as padding; one taken whole, with another. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "halved"})
    void shouldMakeTheSamePaddedAndPooledStatesOfAPrompt(String fixture, @TempDir Path folder) {
        // Given
        TinyAmused tiny = fixture.equals("plain") ? TinyAmused.plain() : TinyAmused.halved();
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        TextConditioning conditioning = (TextConditioning) bundle.manifest().conditioning();
        try (OnnxTextEncoder encoder = OnnxTextEncoder.open(bundle, conditioning, GraphOptions.defaults())) {
            for (int i = 0; i < tiny.images(); i++) {
                // When
                TextStates prompt = encoder.encode(tiny.prompt(i));
                TextStates negative = encoder.encode(tiny.negativePrompt(i));

                // Then
                assertThat(prompt.getTokens()).isEqualTo(77);
                assertThat(floats(prompt.getFloats())).containsExactly(tiny.states(i), within(TOLERANCE));
                assertThat(floats(prompt.getPooled())).containsExactly(tiny.pooled(i), within(TOLERANCE));
                assertThat(floats(negative.getFloats())).containsExactly(tiny.negativeStates(i), within(TOLERANCE));
                assertThat(floats(negative.getPooled())).containsExactly(tiny.negativePooled(i), within(TOLERANCE));
            }
        }
    }

    private static float[] floats(ByteString bytes) {
        var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}
