package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Numbers outside the Java heap, row-major, that a graph reads or writes in place; made and closed by a
 * {@link TensorMemory}. The buffers are the tensor itself, not copies of it, and each call gives a fresh position and
 * limit. Not safe for use by several threads at once.
 */
public final class Tensor {
    private final ElementType type;
    private final long[] shape;
    private final ByteBuffer bytes;
    private final OnnxTensor handle;

    Tensor(ElementType type, long[] shape, ByteBuffer bytes, OnnxTensor handle) {
        this.type = type;
        this.shape = shape.clone();
        this.bytes = bytes;
        this.handle = handle;
    }

    public ElementType type() {
        return type;
    }

    /** A copy. */
    public long[] shape() {
        return shape.clone();
    }

    public int elements() {
        return bytes.capacity() / type.bytes();
    }

    /** @throws IllegalStateException when the tensor does not hold floats */
    public FloatBuffer floats() {
        return buffer(ElementType.FLOAT32).asFloatBuffer();
    }

    /** @throws IllegalStateException when the tensor does not hold 32-bit integers */
    public IntBuffer ints() {
        return buffer(ElementType.INT32).asIntBuffer();
    }

    /** @throws IllegalStateException when the tensor does not hold 64-bit integers */
    public LongBuffer longs() {
        return buffer(ElementType.INT64).asLongBuffer();
    }

    ByteBuffer bytes() {
        return bytes;
    }

    OnnxTensor handle() {
        return handle;
    }

    private ByteBuffer buffer(ElementType wanted) {
        if (type != wanted) {
            throw new IllegalStateException("the tensor holds " + type + ", not " + wanted);
        }
        return bytes.duplicate().order(bytes.order());
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
