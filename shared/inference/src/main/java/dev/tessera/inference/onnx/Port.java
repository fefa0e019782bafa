package dev.tessera.inference.onnx;

import java.util.List;

/** An input or output of a graph: its name, what it holds, and its dimensions, outermost first. */
public record Port(String name, ElementType type, List<Dimension> shape) {
    public Port {
        shape = List.copyOf(shape);
    }

    public static Port float32(String name, Dimension... shape) {
        return new Port(name, ElementType.FLOAT32, List.of(shape));
    }

    public static Port int32(String name, Dimension... shape) {
        return new Port(name, ElementType.INT32, List.of(shape));
    }

    public static Port int64(String name, Dimension... shape) {
        return new Port(name, ElementType.INT64, List.of(shape));
    }

    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
