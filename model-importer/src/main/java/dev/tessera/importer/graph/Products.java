package dev.tessera.importer.graph;

/** Products of activations with constant matrices: the one place that writes them. */
public sealed interface Products permits FloatProducts, ByteProducts {
    static Products of(OnnxModel graph, Arithmetic arithmetic) {
        return switch (arithmetic.precision()) {
            case FP32 -> inFloats(graph);
            case INT8 -> new ByteProducts(graph, arithmetic.leastSide());
        };
    }

    /** In 32 bits. */
    static Products inFloats(OnnxModel graph) {
        return new FloatProducts(graph);
    }

    /**
     * x W, a value [.., columns].
     *
     * @param node the value's name
     * @param in name of the value x, [.., rows]
     */
    String product(String node, String in, Matrix matrix);
}
