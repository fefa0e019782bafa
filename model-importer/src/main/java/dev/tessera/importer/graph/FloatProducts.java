package dev.tessera.importer.graph;

import java.util.List;

/** Products in 32 bits. */
final class FloatProducts implements Products {
    private final OnnxModel graph;

    FloatProducts(OnnxModel graph) {
        this.graph = graph;
    }

    @Override
    public String product(String node, String in, Matrix matrix) {
        String weight = graph.weights(matrix.name(), matrix.shape(), matrix.weights());
        return graph.node("MatMul", node, List.of(in, weight));
    }
}
