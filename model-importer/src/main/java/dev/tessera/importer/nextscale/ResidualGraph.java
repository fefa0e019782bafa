package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * One scale's code vectors into the latent picture: brought to the finest grid, through the scale's φ, added. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#RESIDUAL}. Source: VAR, {@code models/quant.py}.
 */
public final class ResidualGraph {
    private final VaeShape shape;
    private final Scales scales;
    private final OnnxModel graph;
    private final ScaleTables tables;

    private ResidualGraph(VaeShape shape, Scales scales) {
        this.shape = shape;
        this.scales = scales;
        this.graph = new OnnxModel("residual", WeightStorage.FP32);
        this.tables = new ScaleTables(graph, scales);
    }

    public static OnnxModel of(VaeShape shape, StateDict weights, Scales scales) {
        return new ResidualGraph(shape, scales).build(weights);
    }

    private OnnxModel build(StateDict weights) {
        Dimension one = Dimension.of(1);
        Dimension side = Dimension.of(scales.finest());
        Dimension channels = Dimension.of(shape.dimensions());
        graph.input("vectors", DataType.FLOAT, one, Dimension.named("positions"), channels);
        graph.input("latent", DataType.FLOAT, one, channels, side, side);
        graph.input("scale", DataType.INT64, one);
        String added = convolved(enlarged(map()), weights);
        graph.node("Add", "refined", List.of("latent", added));
        graph.output("refined", DataType.FLOAT, one, channels, side, side);
        return graph;
    }

    /** [1, Z, p, p] */
    private String map() {
        String columns = graph.node("Transpose", "columns", List.of("vectors"), Attribute.list("perm", 0, 2, 1));
        String side = tables.number("side", scale -> scales.sides().get(scale));
        String channels = graph.wholes("channels", 1, shape.dimensions());
        String sizes = graph.node("Concat", "sizes", List.of(channels, side, side), Attribute.of("axis", 0));
        return graph.node("Reshape", "map", List.of(columns, sizes));
    }

    /** [1, Z, P, P] */
    private String enlarged(String map) {
        int finest = scales.finest();
        float[] all = new float[scales.firstSide(scales.count()) * finest];
        for (int scale = 0; scale < scales.count(); scale++) {
            int side = scales.sides().get(scale);
            float[] up = Resizing.bicubic(side, finest);
            for (int i = 0; i < up.length; i++) {
                all[(scales.firstSide(scale) + i % side) * finest + i / side] = up[i];
            }
        }
        String table = graph.table(
                "up.all", List.of((long) all.length / finest, (long) finest), new ComputedWeights("up.all", all));
        String right = tables.share("up.right", table, 0, scales::firstSide);
        String left = graph.node("Transpose", "up.left", List.of(right), Attribute.list("perm", 1, 0));
        String taller = graph.node("MatMul", "taller", List.of(left, map));
        return graph.node("MatMul", "enlarged", List.of(taller, right));
    }

    private String convolved(String in, StateDict weights) {
        var phi = new Phi(weights, shape.dimensions());
        long channels = shape.dimensions();
        String index = tables.number("phi", scale -> Phi.index(scale, scales.count(), phi.count()));
        String kernels = graph.table(
                "phi.kernels",
                List.of((long) phi.count(), channels, channels, (long) Phi.KERNEL, (long) Phi.KERNEL),
                phi.kernels());
        String biases = graph.table("phi.biases", List.of((long) phi.count(), channels), phi.biases());
        String kernel = graph.node(
                "Reshape",
                "phi.kernel",
                List.of(
                        graph.node("Gather", "phi.kernel.one", List.of(kernels, index), Attribute.of("axis", 0)),
                        graph.wholes("phi.kernel.shape", channels, channels, Phi.KERNEL, Phi.KERNEL)));
        String bias = graph.node(
                "Reshape",
                "phi.bias",
                List.of(
                        graph.node("Gather", "phi.bias.one", List.of(biases, index), Attribute.of("axis", 0)),
                        graph.wholes("phi.bias.shape", channels)));
        return graph.node("Conv", "convolved", List.of(in, kernel, bias), Attribute.list("pads", 1, 1, 1, 1));
    }
}
