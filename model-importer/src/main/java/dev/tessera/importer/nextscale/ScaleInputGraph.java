package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * What the transformer is fed at a scale: the latent picture averaged down to the scale's grid, projected, with the
 * embeddings of level and position. Contract: {@link dev.tessera.inference.bundle.BundleFiles#SCALE_INPUT}.
 */
public final class ScaleInputGraph {
    private final VarShape shape;
    private final Scales scales;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ScaleTables tables;

    private ScaleInputGraph(VarShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.scales = shape.scales();
        this.weights = weights;
        this.graph = new OnnxModel("scale-input", storage);
        this.tables = new ScaleTables(graph, scales);
    }

    public static OnnxModel of(VarShape shape, StateDict weights, WeightStorage storage) {
        return new ScaleInputGraph(shape, weights, storage).build();
    }

    private OnnxModel build() {
        Dimension one = Dimension.of(1);
        Dimension side = Dimension.of(scales.finest());
        graph.input("latent", DataType.FLOAT, one, Dimension.of(shape.dimensions()), side, side);
        graph.input("scale", DataType.INT64, one);
        String words = new Layers(graph, weights, Products.inFloats(graph))
                .linear("word_embed", rows(averaged()), shape.dimensions(), shape.width());
        String table = graph.table(
                "places", List.of((long) scales.tokens(), (long) shape.width()), new Places(shape, weights).table());
        String places = tables.share("places.own", table, 0, scales::firstToken);
        graph.node("Add", "embeddings", List.of(words, places));
        graph.output("embeddings", DataType.FLOAT, one, Dimension.named("positions"), Dimension.of(shape.width()));
        return graph;
    }

    /** [1, Z, p, p] */
    private String averaged() {
        int finest = scales.finest();
        float[] all = new float[scales.firstSide(scales.count()) * finest];
        for (int scale = 0; scale < scales.count(); scale++) {
            float[] down = Resizing.area(finest, scales.sides().get(scale));
            System.arraycopy(down, 0, all, scales.firstSide(scale) * finest, down.length);
        }
        String table = graph.table(
                "down.all", List.of((long) all.length / finest, (long) finest), new ComputedWeights("down.all", all));
        String left = tables.share("down.left", table, 0, scales::firstSide);
        String right = graph.node("Transpose", "down.right", List.of(left), Attribute.list("perm", 1, 0));
        String shorter = graph.node("MatMul", "shorter", List.of(left, "latent"));
        return graph.node("MatMul", "averaged", List.of(shorter, right));
    }

    /** [1, p², Z] */
    private String rows(String map) {
        String sizes = graph.wholes("columns.shape", 1, shape.dimensions(), -1);
        String columns = graph.node("Reshape", "columns", List.of(map, sizes));
        return graph.node("Transpose", "rows", List.of(columns), Attribute.list("perm", 0, 2, 1));
    }
}
