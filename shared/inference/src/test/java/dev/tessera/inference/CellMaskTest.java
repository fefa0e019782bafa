package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CellMaskTest {
    @Test
    void shouldRedrawEveryCellThatHasAPixelToRedraw() {
        // Given: 6 wide, 4 high, of 2 x 3 cells; one pixel in the first cell, two in the last
        byte[] pixels = new byte[24];
        pixels[7] = 1;
        pixels[16] = 1;
        pixels[23] = 1;

        // When
        CellMask mask = CellMask.ofPixels(2, 3, pixels, 6, 4);

        // Then
        assertThat(mask).isEqualTo(new CellMask(2, 3, new byte[] {1, 0, 0, 0, 0, 1}));
        assertThat(mask.isRedrawn(0)).isTrue();
        assertThat(mask.isRedrawn(1)).isFalse();
    }

    @Test
    void shouldRefuseWhatIsNoMaskOfTheGrid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellMask(2, 3, new byte[5]))
                .withMessageContaining("do not fill");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellMask(1, 1, new byte[] {2}))
                .withMessageContaining("ones and zeros");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellMask.ofPixels(2, 4, new byte[24], 6, 4))
                .withMessageContaining("do not divide");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellMask.ofPixels(2, 3, new byte[23], 6, 4))
                .withMessageContaining("do not fill");
    }
}
