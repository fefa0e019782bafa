package dev.tessera.importer.convolution;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.OnnxModel;
import java.util.Arrays;
import java.util.List;

/**
 * The layers of which the families' VQ encoders and decoders are built. Node names are the checkpoint's own. Sizes are
 * fixed in the graph, which lets ONNX Runtime plan its memory and choose blocked layouts.
 */
public final class ConvolutionLayers {
    private static final float EPSILON = 1e-6f;

    private final OnnxModel graph;
    private final StateDict weights;
    private final int normGroups;

    /** @param normGroups into how many groups a normalisation takes its channels */
    public ConvolutionLayers(OnnxModel graph, StateDict weights, int normGroups) {
        this.graph = graph;
        this.weights = weights;
        this.normGroups = normGroups;
    }

    /** A convolution that keeps the size. */
    public FeatureMap convolution(String name, FeatureMap in, int kernel) {
        long edge = kernel / 2;
        return convolution(name, in, in.height(), in.width(), kernel, Attribute.list("pads", edge, edge, edge, edge));
    }

    private FeatureMap convolution(
            String name, FeatureMap in, int height, int width, int kernel, Attribute... attributes) {
        Tensor weight = weights.get(name + ".weight", ANY, in.channels(), kernel, kernel);
        Tensor bias = weights.get(name + ".bias", weight.size(0));
        graph.node(
                "Conv",
                name,
                List.of(
                        in.value(),
                        graph.weights(weight.name(), weight.shape(), weight.weights()),
                        graph.weights(bias.name(), bias.shape(), bias.weights())),
                attributes);
        return new FeatureMap(name, Math.toIntExact(weight.size(0)), height, width);
    }

    /** x + conv2(swish(norm2(conv1(swish(norm1(x)))))), the x through a 1 × 1 convolution when the width changes. */
    public FeatureMap residual(String name, FeatureMap in) {
        var first = convolution(name + ".conv1", swish(name + ".norm1", in), 3);
        var second = convolution(name + ".conv2", swish(name + ".norm2", first), 3);
        var straight = in.channels() == second.channels() ? in : convolution(shortcut(name), in, 1);
        return sum(name, straight, second);
    }

    /** Named so in aMUSEd and its relatives, or as in LlamaGen and VAR. */
    private String shortcut(String name) {
        return name + (weights.has(name + ".conv_shortcut.weight") ? ".conv_shortcut" : ".nin_shortcut");
    }

    /** Single-head attention of every position to every other, scale 1/√channels, added to its input. */
    public FeatureMap attention(String name, FeatureMap in) {
        var parts = projections(name, groupNorm(name + ".norm", in));
        Attribute swapped = Attribute.list("perm", 0, 2, 1);
        String rows = graph.node("Transpose", name + ".q.rows", List.of(parts.query), swapped);
        String scale = graph.scalar(name + ".scale", (float) (1 / Math.sqrt(in.channels())));
        String scaled = graph.node("Mul", name + ".q.scaled", List.of(rows, scale));
        String scores = graph.node("MatMul", name + ".scores", List.of(scaled, parts.key));
        String shares = graph.node("Softmax", name + ".shares", List.of(scores), Attribute.of("axis", -1));
        String columns = graph.node("Transpose", name + ".shares.columns", List.of(shares), swapped);
        String mixed = graph.node("MatMul", name + ".mixed", List.of(parts.value, columns));
        String map = graph.node("Reshape", name + ".map", List.of(mixed, sizes(name + ".map.shape", in)));
        var out = convolution(name + ".proj_out", new FeatureMap(map, in.channels(), in.height(), in.width()), 1);
        return sum(name, in, out);
    }

    /** One convolution for each of the three, as in LlamaGen, or one for all, as in VAR. */
    private Projections projections(String name, FeatureMap in) {
        if (!weights.has(name + ".qkv.weight")) {
            return new Projections(
                    flat(convolution(name + ".q", in, 1)),
                    flat(convolution(name + ".k", in, 1)),
                    flat(convolution(name + ".v", in, 1)));
        }
        String all = flat(convolution(name + ".qkv", in, 1));
        List<String> parts = List.of(name + ".q", name + ".k", name + ".v");
        graph.node(
                "Split", name + ".parts", List.of(all), parts, Attribute.of("axis", 1), Attribute.of("num_outputs", 3));
        return new Projections(parts.get(0), parts.get(1), parts.get(2));
    }

    /** Each [1, channels, positions]. */
    private record Projections(String query, String key, String value) {}

    /** Nearest-neighbour doubling, then a 3 × 3 convolution. */
    public FeatureMap upsample(String name, FeatureMap in) {
        String scales = graph.table(
                name + ".scales", List.of(4L), new ComputedWeights(name + ".scales", new float[] {1, 1, 2, 2}));
        String doubled = graph.node(
                "Resize",
                name + ".doubled",
                List.of(in.value(), "", scales),
                Attribute.of("mode", "nearest"),
                Attribute.of("coordinate_transformation_mode", "asymmetric"),
                Attribute.of("nearest_mode", "floor"));
        return convolution(name + ".conv", new FeatureMap(doubled, in.channels(), 2 * in.height(), 2 * in.width()), 3);
    }

    /** A 3 × 3 convolution of stride 2 over the map with one row of zeros below and one column to the right. */
    public FeatureMap downsample(String name, FeatureMap in) {
        return convolution(
                name + ".conv",
                in,
                in.height() / 2,
                in.width() / 2,
                3,
                Attribute.list("pads", 0, 0, 1, 1),
                Attribute.list("strides", 2, 2));
    }

    /** Group normalisation, then x · sigmoid(x). */
    public FeatureMap swish(String norm, FeatureMap in) {
        var normalised = groupNorm(norm, in);
        String gate = graph.node("Sigmoid", norm + ".sigmoid", List.of(normalised.value()));
        String value = graph.node("Mul", norm + ".swish", List.of(normalised.value(), gate));
        return new FeatureMap(value, in.channels(), in.height(), in.width());
    }

    /** As instance normalisation of the groups, the form that ONNX Runtime's CPU kernels are fastest with. */
    private FeatureMap groupNorm(String name, FeatureMap in) {
        int count = groups(name, in.channels());
        String groups = graph.node(
                "Reshape", name + ".groups", List.of(in.value(), graph.wholes(name + ".groups.shape", 1, count, -1)));
        String even = graph.node(
                "InstanceNormalization",
                name + ".even",
                List.of(groups, filled(name + ".ones", count, 1f), filled(name + ".zeros", count, 0f)),
                Attribute.of("epsilon", EPSILON));
        String map = graph.node("Reshape", name + ".map", List.of(even, sizes(name + ".map.shape", in)));
        String scaled = graph.node("Mul", name + ".scaled", List.of(map, perChannel(name + ".weight", in)));
        graph.node("Add", name, List.of(scaled, perChannel(name + ".bias", in)));
        return new FeatureMap(name, in.channels(), in.height(), in.width());
    }

    private int groups(String norm, int channels) {
        if (channels % normGroups != 0) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "'" + norm + "' has " + channels + " channels, which are not " + normGroups + " groups");
        }
        return normGroups;
    }

    private String filled(String name, int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return graph.table(name, List.of((long) count), new ComputedWeights(name, values));
    }

    private String perChannel(String name, FeatureMap in) {
        return graph.table(
                name,
                List.of((long) in.channels(), 1L, 1L),
                weights.get(name, in.channels()).weights());
    }

    private String sizes(String name, FeatureMap like) {
        if (like.height() == FeatureMap.FREE) {
            return graph.node("Shape", name, List.of(like.value()));
        }
        return graph.wholes(name, 1, like.channels(), like.height(), like.width());
    }

    private String flat(FeatureMap in) {
        String shape = graph.wholes(in.value() + ".flat.shape", 1, in.channels(), -1);
        return graph.node("Reshape", in.value() + ".flat", List.of(in.value(), shape));
    }

    private FeatureMap sum(String name, FeatureMap a, FeatureMap b) {
        graph.node("Add", name, List.of(a.value(), b.value()));
        return new FeatureMap(name, b.channels(), b.height(), b.width());
    }
}
