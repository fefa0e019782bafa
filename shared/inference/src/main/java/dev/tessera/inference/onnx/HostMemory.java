package dev.tessera.inference.onnx;

import java.nio.ByteBuffer;

/** The process's own memory: where the processor computes. */
final class HostMemory implements ResidentMemory {
    private final TensorMemory memory = new TensorMemory();

    @Override
    public Tensor allocate(ElementType type, long... shape) {
        return memory.allocate(type, shape);
    }

    @Override
    public void copyRow(Tensor tensor, int from, int to, int filled) {
        long[] shape = tensor.shape();
        int heads = Math.toIntExact(shape[1]);
        int slot = Math.toIntExact(shape[3] * tensor.type().bytes());
        int head = Math.toIntExact(shape[2] * slot);
        ByteBuffer buffer = tensor.bytes();
        for (int h = 0; h < heads; h++) {
            buffer.put((to * heads + h) * head, buffer, (from * heads + h) * head, filled * slot);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
