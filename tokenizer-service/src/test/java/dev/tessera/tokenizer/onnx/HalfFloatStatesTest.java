package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.v1.TextStates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HalfFloatStatesTest {
    @Test
    void shouldWriteRowsInLittleEndianHalfFloats() {
        // When
        TextStates states = HalfFloatStates.of(new float[] {1, -2, 0.5f, 65504}, 2);

        // Then
        assertThat(states.getTokens()).isEqualTo(2);
        assertThat(states.getWidth()).isEqualTo(2);
        assertThat(states.getHalfFloats().toByteArray())
                .containsExactly(0x00, 0x3C, 0x00, 0xC0, 0x00, 0x38, 0xFF, 0x7B);
    }

    @ParameterizedTest
    @ValueSource(floats = {65536, -1e30f, Float.NaN, Float.POSITIVE_INFINITY})
    void shouldRefuseWhatHalfFloatsCannotTell(float state) {
        // When, Then
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> HalfFloatStates.of(new float[] {0, state}, 1))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("states_out_of_range"));
    }
}
