package dev.tessera.inference.foreign;

import java.util.List;

/**
 * An input or output of a session.
 *
 * @param elementType one of {@code ONNXTensorElementDataType}; 0 when it is no tensor
 * @param shape outermost dimension first, -1 where it is free; empty when it is no tensor
 */
public record NativePort(String name, int elementType, List<Long> shape) {
    public NativePort {
        shape = List.copyOf(shape);
    }
}
