package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import java.util.List;

/** Linear layers: y = x Wᵀ + b. The checkpoint holds W as [out, in], the graph Wᵀ as [in, out]. */
final class Layers {
    private Layers() {}

    /** With bias; the value has the layer's name. */
    static String linear(OnnxModel graph, StateDict weights, String name, String in, long from, long to) {
        return linear(graph, weights, name, name, in, from, to);
    }

    /** With bias; the value has the node's name. */
    static String linear(OnnxModel graph, StateDict weights, String name, String node, String in, long from, long to) {
        String tensor = name + ".weight";
        String weight = graph.weights(
                tensor,
                List.of(from, to),
                weights.get(tensor, to, from).weights().permuted(1, 0));
        String bias = graph.table(
                name + ".bias", List.of(to), weights.get(name + ".bias", to).weights());
        String product = graph.node("MatMul", name + ".product", List.of(in, weight));
        return graph.node("Add", node, List.of(product, bias));
    }
}
