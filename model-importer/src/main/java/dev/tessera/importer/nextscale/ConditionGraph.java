package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that depends on the class alone: the adaptive normalisations of all layers and the first scale's input.
 * The reference works it out again at every scale. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#CONDITION}. Source: VAR, {@code models/basic_var.py}.
 */
public final class ConditionGraph {
    /** Of a layer's six rows: gain, gain, factor, factor, addend, addend. The one is added to factors here. */
    private static final float[] LAYER_ONES = {0, 0, 1, 1, 0, 0};

    private static final int LAYER_ROWS = 6;

    /** The head's two rows: factor, addend. */
    private static final int HEAD_ROWS = 2;

    private final VarShape shape;
    private final StateDict weights;
    private final OnnxModel graph;

    private ConditionGraph(VarShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("condition", storage);
    }

    public static OnnxModel of(VarShape shape, StateDict weights, WeightStorage storage) {
        return new ConditionGraph(shape, weights, storage).build();
    }

    private OnnxModel build() {
        long width = shape.width();
        graph.input("class", DataType.INT64, Dimension.of(1));
        String table = graph.weights(
                "class_emb.weight",
                List.of(shape.classes() + 1L, width),
                weights.get("class_emb.weight", shape.classes() + 1L, width).weights());
        String condition = graph.node("Gather", "condition", List.of(table, "class"), Attribute.of("axis", 0));
        firstInput(condition);
        String gate = graph.node("Sigmoid", "condition.sigmoid", List.of(condition));
        modulation(graph.node("Mul", "condition.silu", List.of(condition, gate)));
        return graph;
    }

    private void firstInput(String condition) {
        String place = graph.table("first", List.of((long) shape.width()), Places.first(shape, weights));
        String sum = graph.node("Add", "condition.placed", List.of(condition, place));
        graph.node("Reshape", "embedding", List.of(sum, graph.wholes("embedding.shape", 1, 1, shape.width())));
        graph.output("embedding", DataType.FLOAT, Dimension.of(1), Dimension.of(1), Dimension.of(shape.width()));
    }

    private void modulation(String silu) {
        List<String> parts = new ArrayList<>();
        String shared = shape.sharedCondition() ? rows("shared_ada_lin.1", silu, LAYER_ROWS) : "";
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "blocks." + layer + ".";
            parts.add(shared.isEmpty() ? rows(block + "ada_lin.1", silu, LAYER_ROWS) : own(block + "ada_gss", shared));
        }
        parts.add(rows("head_nm.ada_lin.1", silu, HEAD_ROWS));
        String all = graph.node("Concat", "modulation.raw", parts, Attribute.of("axis", 1));
        graph.node("Add", "modulation", List.of(all, ones()));
        graph.output(
                "modulation",
                DataType.FLOAT,
                Dimension.of(1),
                Dimension.of(shape.modulations()),
                Dimension.of(shape.width()));
    }

    /** [1, rows, C] */
    private String rows(String name, String in, int rows) {
        String flat = new Layers(graph, weights, Products.inFloats(graph))
                .linear(name, in, shape.width(), (long) rows * shape.width());
        return graph.node(
                "Reshape", name + ".rows", List.of(flat, graph.wholes(name + ".rows.shape", 1, rows, shape.width())));
    }

    /** The shared rows and the layer's own table. */
    private String own(String name, String shared) {
        long width = shape.width();
        String table = graph.table(
                name + ".table",
                List.of(1L, (long) LAYER_ROWS, width),
                weights.get(name, 1, 1, LAYER_ROWS, width).weights());
        return graph.node("Add", name, List.of(shared, table));
    }

    private String ones() {
        int rows = shape.modulations();
        float[] values = new float[rows];
        for (int row = 0; row < rows - HEAD_ROWS; row++) {
            values[row] = LAYER_ONES[row % LAYER_ROWS];
        }
        values[rows - HEAD_ROWS] = 1;
        return graph.table("ones", List.of(1L, (long) rows, 1L), new ComputedWeights("ones", values));
    }
}
