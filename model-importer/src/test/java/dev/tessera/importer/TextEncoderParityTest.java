package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text encoder's graph against Hugging Face's own implementation. */
class TextEncoderParityTest {
    private static final float TOLERANCE = 1e-4f;

    @Test
    void shouldMakeTheSameStatesForPromptsOfDifferentLengths(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.text();
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());
        List<int[]> prompts = fixture.sequences("ids");
        float worst = 0;
        for (int i = 0; i < prompts.size(); i++) {
            float[] expected = fixture.floats("states." + i);

            // When
            float[] states = TextGraphs.states(bundle, prompts.get(i));

            // Then
            assertThat(states).hasSameSizeAs(expected);
            worst = Math.max(worst, LlamaGenParityTest.difference(states, 0, expected, 0, expected.length));
        }
        System.out.println("text encoder: largest difference of a state " + worst);
        assertThat(worst).isLessThan(TOLERANCE);
    }
}
