package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import java.util.List;

/** A linear layer without bias: y = x Wᵀ. The checkpoint holds W as [out, in], the graph Wᵀ as [in, out]. */
final class Linear {
    private Linear() {}

    static String add(OnnxModel graph, StateDict weights, String node, String tensor, String in, long from, long to) {
        var transposed = weights.get(tensor, to, from).weights().permuted(1, 0);
        String weight = graph.weights(tensor, List.of(from, to), transposed);
        return graph.node("MatMul", node, List.of(in, weight));
    }
}
