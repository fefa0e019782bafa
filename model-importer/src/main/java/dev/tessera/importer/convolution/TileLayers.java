package dev.tessera.importer.convolution;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import dev.tessera.importer.convolution.FeatureMap.Layout;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.OnnxModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Layers over maps in the order of {@link Tiling}, with convolutions as {@link Winograd} has them: windows that overlap are
 * gathered, and the rest are matrix products. Kernels are stored as they are, and turned when the graph is opened.
 */
final class TileLayers {
    private static final int KERNEL = 3;

    private final OnnxModel graph;
    private final StateDict weights;
    private final Set<String> made = new HashSet<>();

    TileLayers(OnnxModel graph, StateDict weights) {
        this.graph = graph;
        this.weights = weights;
    }

    /** The map in this layout; left alone when it has it. */
    FeatureMap tiled(FeatureMap in) {
        if (in.tiled()) {
            return in;
        }
        var tiling = Tiling.of(in);
        String name = in.value() + ".tiled";
        if (made.add(name)) {
            String lines =
                    graph.node("Transpose", name + ".lines", List.of(in.value()), Attribute.list("perm", 0, 2, 3, 1));
            String split = reshaped(
                    name + ".split",
                    lines,
                    tiling.chunks(),
                    tiling.chunkRows(),
                    Tiling.SIDE,
                    tiling.tilesAcross(),
                    Tiling.SIDE,
                    in.channels());
            String order =
                    graph.node("Transpose", name + ".order", List.of(split), Attribute.list("perm", 0, 2, 4, 1, 3, 5));
            graph.node("Reshape", name, List.of(order, shape(in.pixels(), in.channels())));
        }
        return new FeatureMap(name, in.channels(), in.height(), in.width(), Layout.TILES);
    }

    /** The map channel after channel; left alone when it is so. */
    FeatureMap untiled(FeatureMap in) {
        if (!in.tiled()) {
            return in;
        }
        var tiling = Tiling.of(in);
        String name = in.value() + ".untiled";
        if (made.add(name)) {
            String split = reshaped(
                    name + ".split",
                    in.value(),
                    tiling.chunks(),
                    Tiling.SIDE,
                    Tiling.SIDE,
                    tiling.chunkRows(),
                    tiling.tilesAcross(),
                    in.channels());
            String order =
                    graph.node("Transpose", name + ".order", List.of(split), Attribute.list("perm", 0, 3, 1, 4, 2, 5));
            String lines = reshaped(name + ".lines", order, 1, in.height(), in.width(), in.channels());
            graph.node("Transpose", name, List.of(lines), Attribute.list("perm", 0, 3, 1, 2));
        }
        return new FeatureMap(name, in.channels(), in.height(), in.width());
    }

    /**
     * A 3 × 3 convolution over the map, or over the map with every pixel doubled in both directions.
     *
     * @param in tiled
     * @param scale 1 or 2
     */
    FeatureMap convolution(String name, FeatureMap in, int scale) {
        Tensor weight = weights.get(name + ".weight", ANY, in.channels(), KERNEL, KERNEL);
        int channels = Math.toIntExact(weight.size(0));
        var tiling = new Tiling(scale * in.height(), scale * in.width());
        String kernels = kernels(name, weight);
        String bias = bias(name, channels);
        String zero = table("zero." + in.channels(), new float[in.channels()], 1, in.channels());
        String source = graph.node("Concat", name + ".source", List.of(in.value(), zero), Attribute.of("axis", 0));
        List<String> parts = new ArrayList<>();
        for (int chunk = 0; chunk < tiling.chunks(); chunk++) {
            String part = name + ".part" + chunk;
            String windows = graph.node(
                    "Gather",
                    part + ".windows",
                    List.of(source, windows(tiling, Tiling.of(in), chunk)),
                    Attribute.of("axis", 0));
            String tiles = products(part, windows, in.channels(), kernels, channels, tiling.chunkTiles());
            parts.add(graph.node("Add", part, List.of(tiles, bias)));
        }
        graph.node("Concat", name, parts, Attribute.of("axis", 0));
        return new FeatureMap(name, channels, tiling.height(), tiling.width(), Layout.TILES);
    }

    /** Windows [36 · tiles, in] to tiles [16 · tiles, out]. */
    private String products(String name, String windows, int in, String kernels, int out, int tiles) {
        long positions = Winograd.WINDOW.rows();
        String flat = reshaped(name + ".flat", windows, positions, (long) tiles * in);
        String turned = graph.node("MatMul", name + ".turned", List.of(matrix(Winograd.WINDOW), flat));
        String factors = reshaped(name + ".factors", turned, positions, tiles, in);
        String products = graph.node("MatMul", name + ".products", List.of(factors, kernels));
        String columns = reshaped(name + ".columns", products, positions, (long) tiles * out);
        String pixels = graph.node("MatMul", name + ".pixels", List.of(matrix(Winograd.TILE), columns));
        return reshaped(name + ".tiles", pixels, Winograd.TILE.rows() * tiles, out);
    }

    /** [36, in, out]; a constant, which ONNX Runtime works out once. */
    private String kernels(String name, Tensor weight) {
        long out = weight.size(0);
        long in = weight.size(1);
        String stored = graph.weights(weight.name(), weight.shape(), weight.weights());
        String swapped =
                graph.node("Transpose", name + ".kernels.swapped", List.of(stored), Attribute.list("perm", 2, 3, 1, 0));
        String columns = reshaped(name + ".kernels.columns", swapped, KERNEL * KERNEL, in * out);
        String turned = graph.node("MatMul", name + ".kernels.turned", List.of(matrix(Winograd.KERNEL), columns));
        return reshaped(name + ".kernels", turned, Winograd.KERNEL.rows(), in, out);
    }

    /** A 1 × 1 convolution. */
    FeatureMap pointwise(String name, FeatureMap in) {
        Tensor weight = weights.get(name + ".weight", ANY, in.channels(), 1, 1);
        int channels = Math.toIntExact(weight.size(0));
        String stored = graph.weights(weight.name(), weight.shape(), weight.weights());
        String matrix = reshaped(name + ".matrix", stored, channels, in.channels());
        String columns = graph.node("Transpose", name + ".columns", List.of(matrix), Attribute.list("perm", 1, 0));
        String products = graph.node("MatMul", name + ".products", List.of(in.value(), columns));
        graph.node("Add", name, List.of(products, bias(name, channels)));
        return new FeatureMap(name, channels, in.height(), in.width(), Layout.TILES);
    }

    /** Group normalisation, by the sums of a group's values and of their squares. */
    FeatureMap groupNorm(String name, FeatureMap in, int groups, float epsilon) {
        int each = in.channels() / groups;
        String share = graph.scalar(name + ".share", 1f / ((float) in.pixels() * each));
        String mean = graph.node("Mul", name + ".mean", List.of(sums(name + ".sums", in.value(), in, groups), share));
        String squares = graph.node("Mul", name + ".squares", List.of(in.value(), in.value()));
        String power = graph.node("Mul", name + ".power", List.of(sums(name + ".powers", squares, in, groups), share));
        String variance = graph.node(
                "Sub",
                name + ".variance",
                List.of(power, graph.node("Mul", name + ".mean.squared", List.of(mean, mean))));
        String safe =
                graph.node("Add", name + ".variance.safe", List.of(variance, graph.scalar(name + ".epsilon", epsilon)));
        String deviation = graph.node("Sqrt", name + ".deviation", List.of(safe));
        String gain = graph.node("Div", name + ".gain", List.of(perGroup(name + ".weight", groups, each), deviation));
        String offset = graph.node("Mul", name + ".offset", List.of(mean, gain));
        String shift = graph.node("Sub", name + ".shift", List.of(perGroup(name + ".bias", groups, each), offset));
        String scaled = graph.node(
                "Mul", name + ".scaled", List.of(in.value(), reshaped(name + ".gains", gain, in.channels())));
        graph.node("Add", name, List.of(scaled, reshaped(name + ".shifts", shift, in.channels())));
        return in.with(name);
    }

    /** [groups, 1]; line by line first, so that no sum becomes long. */
    private String sums(String name, String value, FeatureMap in, int groups) {
        String lines = reshaped(name + ".lines", value, in.height(), in.width(), in.channels());
        String perLine = graph.node(
                "ReduceSum", name + ".per_line", List.of(lines, whole("axis.1", 1)), Attribute.of("keepdims", 0));
        String perGroup = reshaped(name + ".per_group", perLine, in.height(), groups, in.channels() / (long) groups);
        String sums = graph.node(
                "ReduceSum",
                name + ".of_groups",
                List.of(perGroup, whole("axes.0.2", 0, 2)),
                Attribute.of("keepdims", 0));
        return reshaped(name, sums, groups, 1);
    }

    private String perGroup(String name, int groups, int each) {
        Tensor tensor = weights.get(name, (long) groups * each);
        return graph.table(name, List.of((long) groups, (long) each), tensor.weights());
    }

    private String bias(String name, int channels) {
        Tensor bias = weights.get(name + ".bias", channels);
        return graph.weights(bias.name(), bias.shape(), bias.weights());
    }

    /** Where a chunk's windows lie in the source; outside the map at the row of zeros behind it. [36 · tiles] */
    private String windows(Tiling tiling, Tiling source, int chunk) {
        String name =
                "windows.%dx%d.of.%dx%d".formatted(tiling.height(), tiling.width(), source.height(), source.width());
        String part = name + ".part" + chunk;
        if (made.add(part)) {
            long window = Tiling.WINDOW;
            String columns =
                    places(name + ".columns", tiling.windowColumns(source), 1, window, 1, tiling.tilesAcross());
            String rows = places(part + ".rows", tiling.windowRows(chunk, source), window, 1, tiling.chunkRows(), 1);
            String sums = graph.node("Add", part + ".sums", List.of(rows, columns));
            String last = places(name + ".last", LongStream.of(source.pixels()));
            String inside = graph.node("Min", part + ".inside", List.of(sums, last));
            graph.node("Reshape", part, List.of(inside, shape(-1)));
        }
        return part;
    }

    private String places(String name, LongStream places, long... shape) {
        if (made.add(name)) {
            graph.wholes(
                    name, LongStream.of(shape).boxed().toList(), places.boxed().toList());
        }
        return name;
    }

    private String matrix(Winograd matrix) {
        return table("winograd." + matrix, matrix.ofBothDirections(), matrix.rows(), matrix.columns());
    }

    private String table(String name, float[] values, long... shape) {
        if (made.add(name)) {
            graph.table(name, LongStream.of(shape).boxed().toList(), new ComputedWeights(name, values));
        }
        return name;
    }

    private String reshaped(String name, String value, long... shape) {
        return graph.node("Reshape", name, List.of(value, shape(shape)));
    }

    private String shape(long... sizes) {
        return whole(
                "shape"
                        + String.join(
                                "x",
                                LongStream.of(sizes)
                                        .mapToObj(size -> "." + size)
                                        .toList()),
                sizes);
    }

    private String whole(String name, long... values) {
        if (made.add(name)) {
            graph.wholes(name, values);
        }
        return name;
    }
}
