package dev.tessera.importer.windowed;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * One table for everything the transformer is fed: image codes, condition codes, classes and the start token share their
 * numbers. Contract: {@link dev.tessera.inference.bundle.BundleFiles#EMBEDDING}.
 */
public final class WindowEmbeddingGraph {
    private WindowEmbeddingGraph() {}

    /** @param weights of the transformer */
    public static OnnxModel of(WindowShape shape, StateDict weights, WeightStorage storage) {
        var graph = new OnnxModel("embedding", storage);
        Dimension rows = Dimension.named("rows");
        Dimension positions = Dimension.named("positions");
        graph.input("ids", DataType.INT64, rows, positions);
        String table = graph.weights(
                WindowShape.TOKENS,
                List.of((long) shape.vocabulary(), (long) shape.width()),
                weights.get(WindowShape.TOKENS, shape.vocabulary(), shape.width())
                        .weights());
        graph.node("Gather", "embeddings", List.of(table, "ids"), Attribute.of("axis", 0));
        graph.output("embeddings", DataType.FLOAT, rows, positions, Dimension.of(shape.width()));
        return graph;
    }
}
