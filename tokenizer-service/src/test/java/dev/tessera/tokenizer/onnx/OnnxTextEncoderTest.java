package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.OnnxException;
import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.v1.TextStates;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the tiny text encoder that {@code src/test/resources/tiny-text/make_files.py} describes. */
class OnnxTextEncoderTest {
    private static final int CLOSING = 1;
    private static final int UNKNOWN = 2;

    private final OnnxTextEncoder encoder = open(8);

    @AfterEach
    void close() {
        encoder.close();
    }

    @Test
    void shouldGiveTheStatesOfTheTokensAndTheClosingOneWithoutPadding() {
        // When
        float[] states = encoder.states("a slice of pizza");

        // Then
        assertThat(states)
                .containsExactly(
                        3, 3.25f, -3, 1 / 4f, 4, 4.25f, -4, 1 / 5f, 5, 5.25f, -5, 1 / 6f, 6, 6.25f, -6, 1 / 7f, 1,
                        1.25f, -1, 1 / 2f);
    }

    @Test
    void shouldTellStatesInHalfFloats() {
        // When
        TextStates states = encoder.encode("pizza");

        // Then
        assertThat(states.getTokens()).isEqualTo(2);
        assertThat(states.getWidth()).isEqualTo(4);
        assertThat(floats(states)).containsExactly(6f, 6.25f, -6f, 0.14282227f, 1f, 1.25f, -1f, 0.5f);
    }

    @Test
    void shouldLeaveTheCaseToTheTokenizersNormaliser() {
        // When, Then
        assertThat(tokens("A SLICE of Pizza")).isEqualTo(tokens("a slice of pizza"));
    }

    @Test
    void shouldCutLongPromptsSoThatTheClosingTokenFits() {
        // When, Then
        assertThat(tokens("a ".repeat(5000))).containsExactly(3, 3, 3, 3, 3, 3, 3, CLOSING);
        assertThat(tokens("a a a a a a a")).containsExactly(3, 3, 3, 3, 3, 3, 3, CLOSING);
        assertThat(tokens("a a a a a a")).containsExactly(3, 3, 3, 3, 3, 3, CLOSING);
    }

    @Test
    void shouldTakeAnyText() {
        // When, Then
        assertThat(tokens("")).containsExactly(CLOSING);
        assertThat(tokens("\uD83C\uDF55 heart")).containsExactly(9, 8, CLOSING);
        assertThat(tokens("zero\0byte \uD83C 漢字")).containsOnly(UNKNOWN, CLOSING);
        assertThat(tokens("a </s> heart")).containsExactly(3, CLOSING, 8, CLOSING);
    }

    @Test
    void shouldRefuseAGraphOfAnotherWidth() {
        // When, Then
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> OnnxTextEncoder.open(
                        file("tokenizer.json"),
                        file("text-encoder.onnx"),
                        new TextConditioning(8, 2048),
                        GraphOptions.defaults()))
                .withMessageContaining("output states is FLOAT32[1, ?, 4], expected FLOAT32[1, S, 2048]");
    }

    @Test
    void shouldNameATokenizerThatIsDamaged(@TempDir Path folder) throws IOException {
        // Given
        Path damaged = Files.writeString(folder.resolve("tokenizer.json"), "{\"version\": ");

        // When, Then
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> OnnxTextEncoder.open(
                        damaged, file("text-encoder.onnx"), new TextConditioning(8, 4), GraphOptions.defaults()))
                .withMessageContaining(damaged.toString());
    }

    private static OnnxTextEncoder open(int maxTokens) {
        return OnnxTextEncoder.open(
                file("tokenizer.json"),
                file("text-encoder.onnx"),
                new TextConditioning(maxTokens, 4),
                GraphOptions.defaults().withThreads(1));
    }

    private List<Integer> tokens(String prompt) {
        float[] states = encoder.states(prompt);
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < states.length; i += 4) {
            tokens.add((int) states[i]);
        }
        return tokens;
    }

    private static float[] floats(TextStates states) {
        ByteBuffer halves = states.getHalfFloats().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[states.getTokens() * states.getWidth()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.float16ToFloat(halves.getShort());
        }
        assertThat(halves.hasRemaining()).isFalse();
        return floats;
    }

    private static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(OnnxTextEncoderTest.class.getResource("/tiny-text/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
