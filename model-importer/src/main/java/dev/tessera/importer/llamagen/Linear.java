package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Matrix;
import dev.tessera.importer.graph.Products;

/** A linear layer without bias: y = x Wᵀ. The checkpoint holds W as [out, in], the graph Wᵀ as [in, out]. */
final class Linear {
    private Linear() {}

    static String add(Products products, StateDict weights, String node, String tensor, String in, long from, long to) {
        var transposed = weights.get(tensor, to, from).weights().permuted(1, 0);
        return products.product(node, in, new Matrix(tensor, from, to, transposed));
    }
}
