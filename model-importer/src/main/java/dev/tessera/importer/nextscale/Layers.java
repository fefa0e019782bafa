package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Matrix;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import java.util.List;

/** Linear layers: y = x Wᵀ + b. The checkpoint holds W as [out, in], the graph Wᵀ as [in, out]. */
final class Layers {
    private final OnnxModel graph;
    private final StateDict weights;
    private final Products products;

    Layers(OnnxModel graph, StateDict weights, Products products) {
        this.graph = graph;
        this.weights = weights;
        this.products = products;
    }

    /** With bias; the value has the layer's name. */
    String linear(String name, String in, long from, long to) {
        return linear(name, name, in, from, to);
    }

    /** With bias; the value has the node's name. */
    String linear(String name, String node, String in, long from, long to) {
        String tensor = name + ".weight";
        var transposed = weights.get(tensor, to, from).weights().permuted(1, 0);
        String product = products.product(name + ".product", in, new Matrix(tensor, from, to, transposed));
        String bias = graph.table(
                name + ".bias", List.of(to), weights.get(name + ".bias", to).weights());
        return graph.node("Add", node, List.of(product, bias));
    }
}
