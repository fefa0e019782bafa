package dev.tessera.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationException;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptTokensTest {
    private static final NextTokenDimensions RASTER =
            new NextTokenDimensions(32, 1, new Grid(2, 3), new ClassConditioning(10));
    private static final NextScaleDimensions SCALES = new NextScaleDimensions(32, 10, List.of(1, 2, 4));

    private static final TokenGrid SIX = new TokenGrid(2, 3, 32, new int[] {10, 11, 12, 13, 14, 15});
    private static final TokenGrid OF_SCALES =
            TokenGrid.ofScales(List.of(1, 2, 4), 32, IntStream.range(0, 21).toArray());

    @Test
    void shouldKeepNothingOfABlankCanvas() {
        assertThat(kept(KeptTokens.of(new Canvas.Blank(), RASTER), 6)).isEmpty();
        assertThat(kept(KeptTokens.of(new Canvas.Blank(), SCALES), 21)).isEmpty();
    }

    @Test
    void shouldKeepTheCellsThatTheMaskLetsBe() {
        // Given
        var canvas = new Canvas.Masked(SIX, new CellMask(2, 3, new byte[] {0, 1, 0, 1, 1, 0}));

        // When
        KeptTokens kept = KeptTokens.of(canvas, RASTER);

        // Then
        assertThat(kept(kept, 6)).containsExactly(0, 2, 5);
        assertThat(kept.id(5)).isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"0.01, 5", "0.5, 3", "0.9, 1", "1, 0"})
    void shouldVaryTheLastTokensOfARaster(float strength, int stay) {
        // When
        KeptTokens kept = KeptTokens.of(new Canvas.Varied(SIX, strength), RASTER);

        // Then
        assertThat(kept(kept, 6))
                .containsExactlyElementsOf(IntStream.range(0, stay).boxed().toList());
    }

    @Test
    void shouldKeepAtEveryScaleWhatTheMaskKeepsMoreThanHalfOf() {
        // Given: the left half is made anew, and one cell on the right
        byte[] cells = {1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0};

        // When
        KeptTokens kept = KeptTokens.of(new Canvas.Masked(OF_SCALES, new CellMask(4, 4, cells)), SCALES);

        // Then: the first scale always; of 2 x 2 a cell is the mean of four
        assertThat(kept(kept, 21)).containsExactly(0, 2, 4, 7, 8, 11, 15, 16, 19, 20);
    }

    @Test
    void shouldNotKeepWhatTheMaskKeepsExactlyHalfOf() {
        // Given: every second column is made anew, so that each cell of 2 x 2 is half and half
        byte[] cells = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};

        // When
        KeptTokens kept = KeptTokens.of(new Canvas.Masked(OF_SCALES, new CellMask(4, 4, cells)), SCALES);

        // Then
        assertThat(kept(kept, 5)).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 5", "0.34, 5", "0.67, 1", "1, 0"})
    void shouldVaryTheFinestScales(float strength, int stay) {
        // When
        KeptTokens kept = KeptTokens.of(new Canvas.Varied(OF_SCALES, strength), SCALES);

        // Then
        assertThat(kept(kept, 21))
                .containsExactlyElementsOf(IntStream.range(0, stay).boxed().toList());
    }

    @Test
    void shouldRefuseTokensOfAnotherModel() {
        refused(() -> KeptTokens.of(new Canvas.Varied(OF_SCALES, 1), RASTER));
        refused(() -> KeptTokens.of(new Canvas.Varied(SIX, 1), SCALES));
        var otherCodebook = new TokenGrid(2, 3, 33, SIX.ids());
        refused(() -> KeptTokens.of(new Canvas.Masked(otherCodebook, new CellMask(2, 3, new byte[6])), RASTER));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo("invalid_request"))
                .hasMessageContaining("to edit is not of this model");
    }

    private static List<Integer> kept(KeptTokens kept, int count) {
        return IntStream.range(0, count).filter(kept::keeps).boxed().toList();
    }
}
