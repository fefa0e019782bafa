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
 * fixed in the graph, which lets ONNX Runtime plan its memory and choose blocked layouts. 3 × 3 convolutions of many
 * channels over many pixels are written with a quarter of the products (decision 0018); only these leave a map in another
 * layout than channel after channel, and {@link #convolution} always takes it back.
 */
public final class ConvolutionLayers {
    private static final float EPSILON = 1e-6f;

    /** With fewer channels, gathering windows costs what the products save. */
    static final int LEAST_CHANNELS = 96;

    /** With fewer pixels, the turned kernels are most of what is read. */
    private static final int LEAST_PIXELS = 32 * 32;

    private final OnnxModel graph;
    private final StateDict weights;
    private final TileLayers tiles;
    private final int normGroups;
    private final int leastChannels;

    /** @param normGroups into how many groups a normalisation takes its channels */
    public ConvolutionLayers(OnnxModel graph, StateDict weights, int normGroups) {
        this(graph, weights, normGroups, LEAST_CHANNELS);
    }

    /** @param leastChannels of a 3 × 3 convolution that is written with fewer products */
    ConvolutionLayers(OnnxModel graph, StateDict weights, int normGroups, int leastChannels) {
        this.graph = graph;
        this.weights = weights;
        this.tiles = new TileLayers(graph, weights);
        this.normGroups = normGroups;
        this.leastChannels = leastChannels;
    }

    /** A convolution that keeps the size. The result lies channel after channel: {@code [1, channels, height, width]}. */
    public FeatureMap convolution(String name, FeatureMap in, int kernel) {
        long edge = kernel / 2;
        return convolution(name, in, in.height(), in.width(), kernel, Attribute.list("pads", edge, edge, edge, edge));
    }

    private FeatureMap convolution(
            String name, FeatureMap any, int height, int width, int kernel, Attribute... attributes) {
        var in = tiles.untiled(any);
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
        var first = wide(name + ".conv1", swish(name + ".norm1", in));
        var second = wide(name + ".conv2", swish(name + ".norm2", first));
        var straight = in.channels() == second.channels() ? in : narrow(shortcut(name), in);
        return sum(name, straight, second);
    }

    private FeatureMap wide(String name, FeatureMap in) {
        return fewProductsPay(name, in, 1) ? tiles.convolution(name, tiles.tiled(in), 1) : convolution(name, in, 3);
    }

    private FeatureMap narrow(String name, FeatureMap in) {
        return in.tiled() ? tiles.pointwise(name, in) : convolution(name, in, 1);
    }

    /** @param scale by which the map grows before the convolution */
    private boolean fewProductsPay(String name, FeatureMap in, int scale) {
        long out = weights.get(name + ".weight", ANY, in.channels(), 3, 3).size(0);
        return Math.min(out, in.channels()) >= leastChannels
                && in.pixels() * scale * scale >= LEAST_PIXELS
                && in.height() % Tiling.SIDE == 0
                && in.width() % Tiling.SIDE == 0;
    }

    /** Named so in aMUSEd and its relatives, or as in LlamaGen and VAR. */
    private String shortcut(String name) {
        return name + (weights.has(name + ".conv_shortcut.weight") ? ".conv_shortcut" : ".nin_shortcut");
    }

    /** Single-head attention of every position to every other, scale 1/√channels, added to its input. */
    public FeatureMap attention(String name, FeatureMap any) {
        var in = tiles.untiled(any);
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
    public FeatureMap upsample(String name, FeatureMap any) {
        if (fewProductsPay(name + ".conv", any, 2)) {
            return tiles.convolution(name + ".conv", tiles.tiled(any), 2);
        }
        var in = tiles.untiled(any);
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
        return in.with(value);
    }

    private FeatureMap groupNorm(String name, FeatureMap in) {
        int count = groups(name, in.channels());
        return in.tiled() ? tiles.groupNorm(name, in, count, EPSILON) : groupNorm(name, in, count);
    }

    /** As instance normalisation of the groups, the form that ONNX Runtime's CPU kernels are fastest with. */
    private FeatureMap groupNorm(String name, FeatureMap in, int count) {
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

    /** As the second lies. */
    private FeatureMap sum(String name, FeatureMap a, FeatureMap b) {
        var alike = b.tiled() ? tiles.tiled(a) : tiles.untiled(a);
        graph.node("Add", name, List.of(alike.value(), b.value()));
        return b.with(name);
    }
}
