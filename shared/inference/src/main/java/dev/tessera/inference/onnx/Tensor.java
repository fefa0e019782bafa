package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import dev.tessera.inference.foreign.NativeValue;
import dev.tessera.inference.foreign.OrtStatusException;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Numbers outside the Java heap, row-major, that a graph reads or writes in place; made and closed by a
 * {@link TensorMemory} or a {@link ResidentMemory}. The buffers are the tensor itself, not copies of it, and each call gives a
 * fresh position and limit; a tensor of a device's own memory has none. Not safe for use by several threads at once.
 */
public abstract sealed class Tensor permits HostTensor, DeviceTensor {
    private final ElementType type;
    private final long[] shape;

    Tensor(ElementType type, long... shape) {
        this.type = type;
        this.shape = shape.clone();
    }

    public ElementType type() {
        return type;
    }

    /** A copy. */
    public long[] shape() {
        return shape.clone();
    }

    public int elements() {
        return Math.toIntExact(byteSize() / type.bytes());
    }

    /** @throws IllegalStateException when the tensor does not hold floats, or is in a device's memory */
    public FloatBuffer floats() {
        return buffer(ElementType.FLOAT32).asFloatBuffer();
    }

    /** @throws IllegalStateException when the tensor does not hold 32-bit integers, or is in a device's memory */
    public IntBuffer ints() {
        return buffer(ElementType.INT32).asIntBuffer();
    }

    /** @throws IllegalStateException when the tensor does not hold 64-bit integers, or is in a device's memory */
    public LongBuffer longs() {
        return buffer(ElementType.INT64).asLongBuffer();
    }

    /**
     * A part of this tensor in another shape or as another type, without a copy.
     *
     * @param owner of the part
     * @param offset of its first byte
     * @param length in bytes
     */
    abstract Tensor window(TensorMemory owner, ElementType as, long offset, long length, long... shape);

    abstract long byteSize();

    abstract ByteBuffer bytes();

    /** What the Java interface knows it by. */
    abstract OnnxTensor handle();

    /** What the C interface knows it by. */
    abstract NativeValue value();

    static NativeValue value(Device device, MemorySegment memory, ElementType type, long... shape) {
        try {
            return ForeignRuntime.get().value(device.place(), memory, type.nativeType(), shape);
        } catch (OrtStatusException e) {
            throw new OnnxException(
                    Reason.BINDING_MISMATCH, "no tensor " + type + Arrays.toString(shape) + ": " + e.getMessage(), e);
        }
    }

    private ByteBuffer buffer(ElementType wanted) {
        if (type != wanted) {
            throw new IllegalStateException("the tensor holds " + type + ", not " + wanted);
        }
        ByteBuffer bytes = bytes();
        return bytes.duplicate().order(bytes.order());
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
