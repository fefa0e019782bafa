package dev.tessera.importer.nextscale;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ResizingTest {
    @Test
    void shouldAverageWindowsThatOverlap() {
        // When
        float[] matrix = Resizing.area(16, 3);

        // Then: [0, 6), [5, 11), [10, 16)
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 16; column++) {
                boolean inside = column >= 5 * row && column < 5 * row + 6;
                assertThat(matrix[16 * row + column]).isEqualTo(inside ? 1f / 6 : 0);
            }
        }
    }

    @Test
    void shouldKeepWhatIsConstant() {
        // When
        float[] matrix = Resizing.bicubic(3, 16);

        // Then
        for (int row = 0; row < 16; row++) {
            float sum = matrix[3 * row] + matrix[3 * row + 1] + matrix[3 * row + 2];
            assertThat(sum).isCloseTo(1, Offset.offset(1e-6f));
        }
    }

    @Test
    void shouldLeaveAMapOfTheSameSizeAlone() {
        // When
        float[] matrix = Resizing.bicubic(4, 4);

        // Then
        assertThat(matrix).containsExactly(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    }
}
