package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * The code vectors, as they are: VAR's are not brought to unit length. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#CODES}.
 */
public final class CodesGraph {
    private CodesGraph() {}

    public static OnnxModel of(VaeShape shape, StateDict weights) {
        var graph = new OnnxModel("codes", WeightStorage.FP32);
        Dimension positions = Dimension.named("positions");
        graph.input("tokens", DataType.INT64, Dimension.of(1), positions);
        String table = graph.table(
                VaeShape.MARKER,
                List.of((long) shape.codes(), (long) shape.dimensions()),
                weights.get(VaeShape.MARKER, shape.codes(), shape.dimensions()).weights());
        graph.node("Gather", "vectors", List.of(table, "tokens"), Attribute.of("axis", 0));
        graph.output("vectors", DataType.FLOAT, Dimension.of(1), positions, Dimension.of(shape.dimensions()));
        return graph;
    }
}
