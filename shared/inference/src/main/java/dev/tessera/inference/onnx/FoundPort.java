package dev.tessera.inference.onnx;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An input or output that a graph has.
 *
 * @param type the name of an {@link ElementType}, or the runtime's name for what is none
 * @param shape outermost dimension first, negative where it is free; empty for what is no tensor
 */
record FoundPort(String name, String type, List<Long> shape) {
    FoundPort {
        shape = List.copyOf(shape);
    }

    String describe() {
        return type
                + shape.stream()
                        .map(size -> size < 0 ? "?" : Long.toString(size))
                        .collect(Collectors.joining(", ", "[", "]"));
    }
}
