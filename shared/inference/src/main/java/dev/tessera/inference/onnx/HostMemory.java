package dev.tessera.inference.onnx;

import java.nio.FloatBuffer;

/** The process's own memory: where the processor computes. */
final class HostMemory implements ResidentMemory {
    private final TensorMemory memory = new TensorMemory();

    @Override
    public Tensor float32(long... shape) {
        return memory.float32(shape);
    }

    @Override
    public void copyRow(Tensor tensor, int from, int to, int filled) {
        long[] shape = tensor.shape();
        int heads = Math.toIntExact(shape[1]);
        int head = Math.toIntExact(shape[2] * shape[3]);
        int copied = Math.toIntExact(filled * shape[3]);
        FloatBuffer buffer = tensor.floats();
        for (int h = 0; h < heads; h++) {
            buffer.put((to * heads + h) * head, buffer, (from * heads + h) * head, copied);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
