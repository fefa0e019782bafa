package dev.tessera.inference.onnx;

/**
 * Memory of the device that computes a graph, for what stays there from run to run: keys and values, and what one graph leaves for
 * the next. It is the one owner of its tensors, which may not have buffers to look into; views of them have the
 * {@link TensorMemory} that makes them as their owner, and must be closed first. For one thread at a time; to be closed before
 * its graph.
 */
public interface ResidentMemory extends AutoCloseable {
    /**
     * All zeros.
     *
     * @throws OnnxException when there is not so much memory
     */
    Tensor allocate(ElementType type, long... shape);

    /**
     * Copies a row over another row.
     *
     * @param tensor [rows, heads, slots, size], of this memory
     * @param filled how many slots of each head are in use; of the others what is copied means nothing
     */
    void copyRow(Tensor tensor, int from, int to, int filled);

    @Override
    void close();
}
