package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * One table for everything the transformer is fed by id: the codes, then the classes or the unconditional caption.
 * Contract: {@link dev.tessera.inference.bundle.BundleFiles#EMBEDDING}.
 */
public final class EmbeddingGraph {
    private EmbeddingGraph() {}

    public static OnnxModel of(GptShape shape, StateDict weights, WeightStorage storage) {
        var graph = new OnnxModel("embedding", storage);
        Dimension rows = Dimension.named("rows");
        Dimension positions = Dimension.named("positions");
        graph.input("ids", DataType.INT64, rows, positions);
        Weights codes =
                weights.get(GptShape.MARKER, shape.vocabulary(), shape.width()).weights();
        Weights conditions = shape.text()
                ? CaptionProjection.unconditional(shape, weights)
                : weights.get(GptShape.CLASSES, shape.conditions(), shape.width())
                        .weights();
        long entries = shape.vocabulary() + (long) (shape.text() ? shape.prefix() : shape.conditions());
        String table = graph.weights("table", List.of(entries, (long) shape.width()), codes, conditions);
        graph.node("Gather", "embeddings", List.of(table, "ids"), Attribute.of("axis", 0));
        graph.output("embeddings", DataType.FLOAT, rows, positions, Dimension.of(shape.width()));
        return graph;
    }
}
