package dev.tessera.inference.onnx;

import dev.tessera.inference.onnx.OnnxException.Reason;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The one owner of some tensors: they live until it is closed, and then their memory is given back at once.
 *
 * <p>A view shares the memory of another tensor: rows of a cache, or the beginning of a buffer in another shape. Views
 * may have an owner of their own, which must be closed first; so short-lived views of long-lived memory do not pile
 * up.
 *
 * <p>The memory is not the Java heap's and does not count against {@code -XX:MaxDirectMemorySize}. Close it only when
 * no run that uses it is in progress. Not safe for use by several threads at once, but any thread may close it.
 */
public final class TensorMemory implements AutoCloseable {
    /** A cache line, and the widest vector register. */
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final List<Runnable> handles = new ArrayList<>();

    /** All zeros. */
    public Tensor float32(long... shape) {
        return allocate(ElementType.FLOAT32, shape);
    }

    /** All zeros. */
    public Tensor int32(long... shape) {
        return allocate(ElementType.INT32, shape);
    }

    /** All zeros. */
    public Tensor int64(long... shape) {
        return allocate(ElementType.INT64, shape);
    }

    /**
     * A tensor of zeros.
     *
     * @throws OnnxException when it would be larger than a buffer can be, 2 GiB
     */
    public Tensor allocate(ElementType type, long... shape) {
        ByteBuffer bytes = arena.allocate(byteSize(type, shape), ALIGNMENT).asByteBuffer();
        return new HostTensor(this, bytes.order(ByteOrder.nativeOrder()), type, shape);
    }

    /**
     * A window on another tensor's elements: row-major, without a copy.
     *
     * @param first index of the window's first element in the base
     * @throws IndexOutOfBoundsException when the window is not inside the base
     */
    public Tensor view(Tensor base, long first, long... shape) {
        long length = byteSize(base.type(), shape);
        long offset = Math.multiplyExact(first, base.type().bytes());
        if (first < 0 || offset + length > base.byteSize()) {
            throw new IndexOutOfBoundsException(
                    Arrays.toString(shape) + " from element " + first + " is not inside " + base);
        }
        return base.window(this, base.type(), offset, length, shape);
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of a tensor's first dimension, without a copy. */
    public Tensor rows(Tensor base, long from, long to) {
        long[] shape = base.shape();
        long row = base.elements() / shape[0];
        shape[0] = to - from;
        return view(base, from * row, shape);
    }

    @Override
    public void close() {
        handles.forEach(Runnable::run);
        handles.clear();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /** Takes what is to be done when the tensors are closed. */
    void own(Runnable release) {
        handles.add(release);
    }

    /** @throws OnnxException when it would be larger than a buffer can be, 2 GiB */
    static long byteSize(ElementType type, long... shape) {
        long bytes = type.bytes();
        for (long dimension : shape) {
            if (dimension < 1) {
                throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " holds nothing");
            }
            bytes = Math.multiplyHigh(bytes, dimension) == 0 ? bytes * dimension : Long.MAX_VALUE;
            if (bytes < 0 || bytes > Integer.MAX_VALUE) {
                throw new OnnxException(
                        Reason.TENSOR_TOO_LARGE,
                        "a tensor " + type + Arrays.toString(shape)
                                + " is larger than 2 GiB, the most a buffer can hold;" + " use fewer rows or slots");
            }
        }
        return bytes;
    }
}
