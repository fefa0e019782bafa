package dev.tessera.importer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StridedWeightsTest {
    @Test
    void shouldTranspose() {
        // Given
        StridedWeights weights = counting(2, 3).weights();

        // When
        float[] values = all(weights.permuted(1, 0));

        // Then
        assertThat(values).containsExactly(0, 3, 1, 4, 2, 5);
    }

    @Test
    void shouldLengthenHeadsWithZeros() {
        // Given: two heads of two rows over one column
        StridedWeights weights = counting(4, 1).weights().split(0, 2).padded(1, 3);

        // When
        float[] rows = all(weights);
        float[] columns = all(weights.permuted(2, 1, 0));

        // Then
        assertThat(rows).containsExactly(0, 1, 0, 2, 3, 0);
        assertThat(columns).containsExactly(0, 2, 1, 3, 0, 0);
    }

    @Test
    void shouldReadTheSameInPieces() {
        // Given
        StridedWeights weights =
                counting(6, 5).weights().split(0, 2).padded(1, 4).permuted(2, 0, 1);
        float[] whole = all(weights);
        float[] piece = new float[7];
        for (int from = 0; from + 7 <= whole.length; from++) {
            // When
            weights.read(from, piece, 7);

            // Then
            for (int i = 0; i < 7; i++) {
                assertThat(piece[i]).isEqualTo(whole[from + i]);
            }
        }
    }

    @Test
    void shouldRefusePartsThatAreNotEqual() {
        StridedWeights weights = counting(5, 2).weights();
        assertThatThrownBy(() -> weights.split(0, 2))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("does not split into 2 equal parts on axis 0");
    }

    @Test
    void shouldRefuseWholeNumbersAsWeights() {
        var ids = Tensor.contiguous("ids", ElementType.INT64, List.of(1L), MemorySegment.ofArray(new byte[8]));
        assertThatThrownBy(ids::weights)
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("tensor 'ids' holds INT64");
    }

    private static Tensor counting(int rows, int columns) {
        ByteBuffer bytes = ByteBuffer.allocate(rows * columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows * columns; i++) {
            bytes.putFloat(i);
        }
        return Tensor.contiguous(
                "w", ElementType.FLOAT32, List.of((long) rows, (long) columns), MemorySegment.ofArray(bytes.array()));
    }

    private static float[] all(Weights weights) {
        float[] values = new float[Math.toIntExact(weights.elements())];
        weights.read(0, values, values.length);
        return values;
    }
}
