package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The tensors of one network by name. Tensors that nobody asks for are ignored. */
public final class StateDict {
    /** In an expected shape: whatever the tensor has. */
    public static final long ANY = -1;

    private final String source;
    private final String prefix;
    private final Map<String, Tensor> tensors;

    private StateDict(String source, String prefix, Map<String, Tensor> tensors) {
        this.source = source;
        this.prefix = prefix;
        this.tensors = Map.copyOf(tensors);
    }

    /** @param source the file, for messages */
    public static StateDict of(String source, Map<String, Tensor> tensors) {
        return new StateDict(source, "", tensors);
    }

    /** Those whose names begin so, asked for without that beginning; messages have the whole name. */
    public StateDict within(String beginning) {
        return new StateDict(source, prefix + beginning, tensors);
    }

    /**
     * The same tensors by other names.
     *
     * @param naming gives each tensor a name of its own
     * @throws ImportException when two tensors get one name
     */
    public StateDict renamed(UnaryOperator<String> naming) {
        Map<String, Tensor> renamed = new HashMap<>();
        tensors.forEach((name, tensor) -> {
            if (renamed.put(naming.apply(name), tensor) != null) {
                throw new ImportException(
                        Reason.MALFORMED_FILE,
                        source + " has two tensors for '" + naming.apply(name) + "', one of them '" + name + "'");
            }
        });
        return new StateDict(source, prefix, renamed);
    }

    public boolean has(String name) {
        return tensors.containsKey(prefix + name);
    }

    /** A tensor of whatever shape. */
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(tensors.get(prefix + name));
    }

    /**
     * @param shape expected sizes, {@link #ANY} where any will do
     * @throws ImportException when there is no such tensor or it has another shape
     */
    public Tensor get(String name, long... shape) {
        Tensor tensor = tensors.get(prefix + name);
        if (tensor == null) {
            throw new ImportException(Reason.MISSING_TENSOR, source + " has no tensor '" + prefix + name + "'");
        }
        if (!fits(tensor, shape)) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "tensor '" + prefix + name + "' in " + source + " has shape " + tensor.shape() + ", expected "
                            + Arrays.toString(shape).replace("-1", "any"));
        }
        return tensor;
    }

    private static boolean fits(Tensor tensor, long[] shape) {
        if (tensor.rank() != shape.length) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            boolean equal = shape[axis] == ANY ? tensor.size(axis) > 0 : tensor.size(axis) == shape[axis];
            if (!equal) {
                return false;
            }
        }
        return true;
    }

    /** How many of {@code prefix0}, {@code prefix1}, … have a tensor {@code prefix<i>suffix}, counted from 0. */
    public int count(String prefix, String suffix) {
        int count = 0;
        while (has(prefix + count + suffix)) {
            count++;
        }
        return count;
    }

    /** The file, for messages. */
    public String source() {
        return source;
    }
}
