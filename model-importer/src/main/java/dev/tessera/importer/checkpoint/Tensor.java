package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor over mapped memory, possibly not contiguous. Valid while its {@link Checkpoint} is open; not one byte
 * is read before {@link #weights()} is.
 */
public final class Tensor {
    private static final int MAX_RANK = 8;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final ElementType type;
    private final long[] shape;
    private final long[] strides;
    private final MemorySegment storage;
    private final long first;

    private Tensor(String name, ElementType type, long[] shape, long[] strides, MemorySegment storage, long first) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.strides = strides;
        this.storage = storage;
        this.first = first;
    }

    /**
     * @param strides in elements, one per axis
     * @param first index of the first element in the storage
     * @throws ImportException when the tensor does not lie inside its storage
     */
    public static Tensor of(
            String name, ElementType type, List<Long> shape, List<Long> strides, MemorySegment storage, long first) {
        long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
        long[] steps = strides.stream().mapToLong(Long::longValue).toArray();
        var tensor = new Tensor(name, type, sizes, steps, storage, first);
        tensor.requireInsideStorage();
        return tensor;
    }

    /** A tensor in row-major order that fills its storage. */
    static Tensor contiguous(String name, ElementType type, List<Long> shape, MemorySegment storage) {
        return of(name, type, shape, contiguousStrides(shape), storage, 0);
    }

    static List<Long> contiguousStrides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long step = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape.get(axis));
        }
        return List.of(strides);
    }

    private void requireInsideStorage() {
        if (shape.length > MAX_RANK || shape.length != strides.length || first < 0) {
            throw malformed("has " + shape.length + " sizes and " + strides.length + " strides from element " + first);
        }
        try {
            requireWithin(storage.byteSize() / type.bytes());
        } catch (ArithmeticException e) {
            throw malformed("has the absurd shape " + Arrays.toString(shape));
        }
    }

    private void requireWithin(long capacity) {
        long last = first;
        long elements = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0 || strides[axis] < 0) {
                throw malformed("has a negative size or stride");
            }
            elements = Math.multiplyExact(elements, shape[axis]);
            last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[axis] - 1), strides[axis]));
        }
        if (elements > capacity || (elements > 0 && last >= capacity)) {
            throw malformed("of shape " + Arrays.toString(shape) + " needs element " + last + ", its storage holds "
                    + capacity + " of " + type);
        }
    }

    private ImportException malformed(String what) {
        return new ImportException(Reason.MALFORMED_FILE, "tensor '" + name + "' " + what);
    }

    public String name() {
        return name;
    }

    public ElementType type() {
        return type;
    }

    public int rank() {
        return shape.length;
    }

    /** Length of one axis. */
    public long size(int axis) {
        return shape[axis];
    }

    public List<Long> shape() {
        return Arrays.stream(shape).boxed().toList();
    }

    /**
     * Its numbers as weights.
     *
     * @throws ImportException when it does not hold floating-point numbers
     */
    public StridedWeights weights() {
        if (!type.floating()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor '" + name + "' holds " + type + ", not floating-point weights");
        }
        return new StridedWeights(this, shape.clone(), strides.clone(), shape.clone());
    }

    /**
     * Its whole numbers in row-major order.
     *
     * @throws ImportException when it does not hold 64-bit integers, side by side
     */
    public long[] integers() {
        if (type != ElementType.INT64
                || !contiguousStrides(shape())
                        .equals(Arrays.stream(strides).boxed().toList())) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor '" + name + "' holds " + type + ", not 64-bit integers side by side");
        }
        long[] values = new long[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        MemorySegment.copy(storage, LONG, first * type.bytes(), values, 0, values.length);
        return values;
    }

    /** Reads {@code count} elements that lie {@code stride} apart, the first {@code index} after this tensor's own. */
    void read(long index, long stride, float[] into, int at, int count) {
        if (stride == 1) {
            type.read(storage, first + index, into, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            into[at + i] = type.read(storage, first + index + i * stride);
        }
    }

    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }
}
