package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The known-answer vectors are those that Random123 publishes ({@code kat_vectors}, philox 4x32 10). */
class PhiloxTest {
    @Test
    void shouldGiveThePublishedAnswerForZeros() {
        assertThat(block(0L, 0, 0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void shouldGiveThePublishedAnswerForOnes() {
        assertThat(block(-1L, -1, -1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void shouldGiveThePublishedAnswerForTheDigitsOfPi() {
        assertThat(block(0x299f31d0a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void shouldRefuseAWordThatABlockDoesNotHave() {
        assertThatThrownBy(() -> Philox.word(4, 0, 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int[] block(long key, int c0, int c1, int c2, int c3) {
        return IntStream.range(0, 4)
                .map(word -> Philox.word(word, key, c0, c1, c2, c3))
                .toArray();
    }
}
