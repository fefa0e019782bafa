package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.util.Arrays;

/**
 * A view of a tensor: transposed, split into heads or padded with zeros without copying.
 *
 * <p>Element (i0, i1, …) is the tensor's element at i0·stride0 + i1·stride1 + …, or zero where an index reaches the
 * limit of its axis.
 */
public final class StridedWeights implements Weights {
    private final Tensor tensor;
    private final long origin;
    private final long[] shape;
    private final long[] strides;
    private final long[] limits;

    StridedWeights(Tensor tensor, long[] shape, long[] strides, long[] limits) {
        this(tensor, 0, shape, strides, limits);
    }

    private StridedWeights(Tensor tensor, long origin, long[] shape, long[] strides, long[] limits) {
        this.tensor = tensor;
        this.origin = origin;
        this.shape = shape;
        this.strides = strides;
        this.limits = limits;
    }

    /** Axis {@code i} of the result is axis {@code axes[i]} of this. */
    public StridedWeights permuted(int... axes) {
        return new StridedWeights(tensor, origin, pick(shape, axes), pick(strides, axes), pick(limits, axes));
    }

    /** Splits one axis into {@code outer} times equal parts: {@code [.., n, ..]} to {@code [.., outer, n / outer, ..]}. */
    public StridedWeights split(int axis, long outer) {
        if (shape[axis] % outer != 0 || limits[axis] != shape[axis]) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, tensor + " does not split into " + outer + " equal parts on axis " + axis);
        }
        long inner = shape[axis] / outer;
        return new StridedWeights(
                tensor,
                origin,
                insert(shape, axis, outer, inner),
                insert(strides, axis, strides[axis] * inner, strides[axis]),
                insert(limits, axis, outer, inner));
    }

    /** Part {@code part} of one axis that falls into {@code parts} equal ones. */
    public StridedWeights part(int axis, long parts, long part) {
        if (shape[axis] % parts != 0 || limits[axis] != shape[axis]) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, tensor + " does not split into " + parts + " equal parts on axis " + axis);
        }
        long[] shorter = shape.clone();
        shorter[axis] = shape[axis] / parts;
        return new StridedWeights(
                tensor, origin + part * shorter[axis] * strides[axis], shorter, strides, shorter.clone());
    }

    /** Lengthens one axis with zeros. */
    public StridedWeights padded(int axis, long length) {
        long[] longer = shape.clone();
        longer[axis] = length;
        return new StridedWeights(tensor, origin, longer, strides, limits);
    }

    private static long[] pick(long[] values, int[] axes) {
        return Arrays.stream(axes).mapToLong(axis -> values[axis]).toArray();
    }

    private static long[] insert(long[] values, int axis, long outer, long inner) {
        long[] result = new long[values.length + 1];
        System.arraycopy(values, 0, result, 0, axis);
        result[axis] = outer;
        result[axis + 1] = inner;
        System.arraycopy(values, axis + 1, result, axis + 2, values.length - axis - 1);
        return result;
    }

    @Override
    public String name() {
        return tensor.name();
    }

    @Override
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public void read(long from, float[] into, int count) {
        int done = 0;
        while (done < count) {
            done += readRun(from + done, into, done, count - done);
        }
        requireFinite(into, count);
    }

    /** Reads up to the end of the innermost axis. */
    private int readRun(long from, float[] into, int at, int wanted) {
        if (shape.length == 0) {
            tensor.read(origin, 1, into, at, 1);
            return 1;
        }
        int innermost = shape.length - 1;
        long column = from % shape[innermost];
        int run = (int) Math.min(wanted, shape[innermost] - column);
        long row = from / shape[innermost];
        long index = origin;
        boolean zero = false;
        for (int axis = innermost - 1; axis >= 0; axis--) {
            long position = row % shape[axis];
            zero |= position >= limits[axis];
            index += position * strides[axis];
            row /= shape[axis];
        }
        int present = zero ? 0 : (int) Math.clamp(limits[innermost] - column, 0, run);
        if (present > 0) {
            tensor.read(index + column * strides[innermost], strides[innermost], into, at, present);
        }
        Arrays.fill(into, at + present, at + run, 0f);
        return run;
    }

    private void requireFinite(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[i])) {
                throw new ImportException(
                        Reason.INVALID_WEIGHT, "tensor '" + tensor.name() + "' holds the weight " + values[i]);
            }
        }
    }
}
