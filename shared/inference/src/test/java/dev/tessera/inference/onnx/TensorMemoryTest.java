package dev.tessera.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.onnx.OnnxException.Reason;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class TensorMemoryTest {
    @Test
    void shouldStartWithZerosInNativeOrder() {
        try (TensorMemory memory = new TensorMemory()) {
            // When
            Tensor tensor = memory.int64(2, 3);

            // Then
            assertThat(tensor.longs().order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(tensor.longs().isDirect()).isTrue();
            assertThat(tensor.elements()).isEqualTo(6);
            assertThat(tensor.longs().get(5)).isZero();
        }
    }

    @Test
    void shouldShareMemoryWithViewsOfAnotherShape() {
        try (TensorMemory memory = new TensorMemory()) {
            // Given
            Tensor base = memory.float32(4, 3);

            // When
            Tensor view = memory.view(base, 3, 1, 2, 3);
            view.floats().put(0, 7);

            // Then
            assertThat(view.shape()).containsExactly(1, 2, 3);
            assertThat(base.floats().get(3)).isEqualTo(7);
        }
    }

    @Test
    void shouldRefuseAWindowThatReachesOutside() {
        try (TensorMemory memory = new TensorMemory()) {
            // Given
            Tensor base = memory.float32(4, 3);

            // When, Then
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> memory.rows(base, 3, 5))
                    .withMessageContaining("FLOAT32[4, 3]");
        }
    }

    @Test
    void shouldSayWhenATensorIsLargerThanABufferCanBe() {
        try (TensorMemory memory = new TensorMemory()) {
            // When, Then
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> memory.float32(1024, 1024, 512))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TENSOR_TOO_LARGE))
                    .withMessageContaining("FLOAT32[1024, 1024, 512] is larger than 2 GiB");
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> memory.int64(Long.MAX_VALUE, Long.MAX_VALUE));
        }
    }

    @Test
    void shouldTakeTheMemoryBackWhenClosed() {
        // Given
        TensorMemory memory = new TensorMemory();
        FloatBuffer floats = memory.float32(4).floats();

        // When
        memory.close();
        memory.close();

        // Then
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> floats.get(0));
    }

    @Test
    void shouldRefuseToReadNumbersAsAnotherType() {
        try (TensorMemory memory = new TensorMemory()) {
            // Given
            Tensor tensor = memory.int32(1);

            // When, Then
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(tensor::floats);
        }
    }
}
