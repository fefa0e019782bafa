package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyLlamaGen;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the prompt to the states, against Hugging Face's tokenizer and T5. */
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
}
