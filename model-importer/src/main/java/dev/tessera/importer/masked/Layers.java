package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.LayerNorms;
import dev.tessera.importer.graph.Matrix;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import java.util.List;

/**
 * The layers of which the family's graphs are built; a value has its layer's name. The checkpoint holds the weights of a
 * linear layer as [out, in], the graph as [in, out].
 */
final class Layers {
    static final float EPSILON = 1e-6f;

    /** Where two layers are two tensors, what stands between the name of both and what each is. */
    static final int FIRST_HALF = 0;

    static final int SECOND_HALF = 1;

    private final OnnxModel graph;
    private final StateDict weights;
    private final Products products;
    private final LayerNorms norms;

    /** With products in 32 bits. */
    Layers(OnnxModel graph, StateDict weights) {
        this(graph, weights, Products.inFloats(graph));
    }

    Layers(OnnxModel graph, StateDict weights, Products products) {
        this.graph = graph;
        this.weights = weights;
        this.products = products;
        this.norms = new LayerNorms(graph);
    }

    /** x Wᵀ */
    String linear(String name, String in, long from, long to) {
        return product(name, in, from, to, transposed(name, from, to));
    }

    /** x Wᵀ + b */
    String biased(String name, String in, long from, long to) {
        String product = product(name + ".product", in, from, to, transposed(name, from, to));
        return graph.node("Add", name, List.of(product, table(name + ".bias", to)));
    }

    /** A convolution of 1 × 1 without bias, over rows of channels. */
    String pointwise(String name, String in, long from, long to) {
        var kernel = weights.get(name + ".weight", to, from, 1, 1).weights();
        return product(name, in, from, to, kernel.permuted(1, 0, 2, 3));
    }

    /** One of two linear layers whose weights lie one below the other, or are tensors of their own. */
    String half(String node, String name, int part, String in, long from, long to) {
        String own = name + "." + part + ".weight";
        if (weights.has(own)) {
            return product(
                    node, in, from, to, weights.get(own, to, from).weights().permuted(1, 0));
        }
        var both = weights.get(name + ".weight", 2 * to, from).weights();
        return product(node, in, from, to, both.part(0, 2, part).permuted(1, 0));
    }

    private Weights transposed(String name, long from, long to) {
        return weights.get(name + ".weight", to, from).weights().permuted(1, 0);
    }

    private String product(String node, String in, long from, long to, Weights columns) {
        return products.product(node, in, new Matrix(node + ".columns", from, to, columns));
    }

    /** Root mean square normalisation over the last axis. */
    String rms(String name, String in, long width) {
        return norms.rootMeanSquare(name, in, table(name + ".weight", width), EPSILON);
    }

    /** Layer normalisation over the last axis, with bias where the checkpoint has one. */
    String layerNorm(String name, String in, long width, float epsilon) {
        String scale = table(name + ".weight", width);
        return weights.has(name + ".bias")
                ? norms.normalised(name, in, scale, table(name + ".bias", width), epsilon)
                : norms.normalised(name, in, scale, epsilon);
    }

    /** x · sigmoid(x) */
    String silu(String node, String in) {
        String gate = graph.node("Sigmoid", node + ".gate", List.of(in));
        return graph.node("Mul", node, List.of(in, gate));
    }

    /** A vector of the checkpoint. */
    String table(String name, long width) {
        Weights values = weights.get(name, width).weights();
        return graph.table(name, List.of(width), values);
    }

    OnnxModel graph() {
        return graph;
    }

    StateDict weights() {
        return weights;
    }
}
