package dev.tessera.importer.llamagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.importer.checkpoint.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotaryTableTest {
    @Test
    void shouldBeZeroInThePrefixAndInThePadding() {
        // Given: heads of 20 turn by 10 angles, padded to 16
        var table = new RotaryTable(3, 2, 20, 32);

        // When
        float[] cosines = values(table.cosines());

        // Then
        assertThat(table.shape()).isEqualTo(List.of(7L, 16L));
        for (int i = 0; i < 3 * 16; i++) {
            assertThat(cosines[i]).isZero();
        }
        assertThat(cosines[3 * 16 + 9]).isEqualTo(1);
        assertThat(cosines[3 * 16 + 10]).isZero();
    }

    @Test
    void shouldTurnTheFirstHalfByTheRowAndTheSecondByTheColumn() {
        // Given: cell 7 of a grid of 4 is row 1, column 3; the frequencies of a head of 64 begin with 1, 0.562341
        var table = new RotaryTable(1, 4, 64, 64);

        // When
        float[] cosines = values(table.cosines());
        float[] sines = values(table.sines());

        // Then
        int row = (1 + 7) * 32;
        assertThat(cosines[row]).isCloseTo((float) Math.cos(1), within(1e-6f));
        assertThat(sines[row + 1]).isCloseTo((float) Math.sin(0.562341), within(1e-6f));
        assertThat(cosines[row + 16]).isCloseTo((float) Math.cos(3), within(1e-6f));
        assertThat(sines[row + 17]).isCloseTo((float) Math.sin(3 * 0.562341), within(2e-6f));
    }

    private static float[] values(Weights weights) {
        float[] values = new float[Math.toIntExact(weights.elements())];
        weights.read(0, values, values.length);
        return values;
    }
}
