package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenGridTest {
    @Test
    void shouldHoldTheTokensOfAllScales() {
        // When
        TokenGrid grid = TokenGrid.ofScales(List.of(1, 2), 8, new int[] {7, 1, 2, 3, 4});

        // Then
        assertThat(grid.rows()).isEqualTo(2);
        assertThat(grid.columns()).isEqualTo(2);
        assertThat(grid.size()).isEqualTo(5);
        assertThat(grid.id(0)).isEqualTo(7);
        assertThat(grid.scales()).containsExactly(1, 2);
        assertThat(new TokenGrid(2, 2, 8, new int[4]).scales()).isEmpty();
    }

    @Test
    void shouldTellGridsOfOtherScalesApart() {
        // Given: 1 + 4 + 4 + 16 = 9 + 16 tokens
        TokenGrid one = TokenGrid.ofScales(List.of(1, 2, 2, 4), 8, new int[25]);
        TokenGrid other = TokenGrid.ofScales(List.of(3, 4), 8, new int[25]);

        // When, Then
        assertThat(one).isEqualTo(TokenGrid.ofScales(List.of(1, 2, 2, 4), 8, new int[25]));
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void shouldRefuseTokensThatDoNotFillTheGrids() {
        refused(
                () -> TokenGrid.ofScales(List.of(1, 2), 8, new int[4]),
                "4 ids do not fill square grids of sides [1, 2]");
        refused(() -> TokenGrid.ofScales(List.of(), 8, new int[0]), "no grids");
        refused(() -> TokenGrid.ofScales(List.of(1, -2), 8, new int[5]), "no grids");
        refused(() -> TokenGrid.ofScales(List.of(1, 65536), 8, new int[1]), "1 ids do not fill");
        refused(() -> TokenGrid.ofScales(List.of(1), 8, new int[] {8}), "id 8 at cell 0 is outside");
        refused(() -> new TokenGrid(2, 3, 8, new int[5]), "5 ids do not fill a grid of 2 x 3");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable grid, String message) {
        assertThatIllegalArgumentException().isThrownBy(grid).withMessageContaining(message);
    }
}
