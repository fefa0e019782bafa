package dev.tessera.importer.masked;

import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.OnnxModel;
import java.util.List;

/** The convolutions of aMUSEd's two outer stages, over a square grid whose cells are rows of channels, [B, S, C]. */
final class Stage {
    private static final int KERNEL = 3;
    private static final int WIDER = 4;

    private final OnnxModel graph;
    private final Layers layers;
    private final int channels;
    private final int side;

    /** @param side of the grid on which the stage works */
    Stage(Layers layers, int channels, int side) {
        this.graph = layers.graph();
        this.layers = layers;
        this.channels = channels;
        this.side = side;
    }

    /** x + down(response(gelu(up(norm(depthwise(x)))))) */
    String convolved(String name, String in) {
        String kernel = name + "depthwise.weight";
        String weight = graph.weights(
                kernel,
                List.of((long) channels, 1L, (long) KERNEL, (long) KERNEL),
                layers.weights().get(kernel, channels, 1, KERNEL, KERNEL).weights());
        String map = graph.node(
                "Conv",
                name + "depthwise",
                List.of(map(name + "in", in, side), weight),
                Attribute.of("group", channels),
                Attribute.list("pads", 1, 1, 1, 1));
        String even = layers.rms(name + "norm", rows(name + "depthwise.rows", map), channels);
        int wide = WIDER * channels;
        String up = layers.linear(name + "channelwise_linear_1", even, channels, wide);
        String answered = response(name + "channelwise_norm", graph.node("Gelu", name + "gelu", List.of(up)), wide);
        String down = layers.linear(name + "channelwise_linear_2", answered, wide, channels);
        return graph.node("Add", name + "sum", List.of(in, down));
    }

    /**
     * Global response normalisation: a channel counts for more the longer it is, over all cells, beside the others: x ·
     * (1 + γ · length / (mean length + ε)) + β. Source: ConvNeXt V2 (arXiv 2301.00808), section 3.3.
     */
    private String response(String name, String in, int width) {
        String cells = graph.wholes(name + ".cells", 1);
        String lengths = graph.node("ReduceL2", name + ".lengths", List.of(in, cells), Attribute.of("keepdims", 1));
        String all = graph.wholes(name + ".channels", 2);
        String mean = graph.node("ReduceMean", name + ".mean", List.of(lengths, all), Attribute.of("keepdims", 1));
        String least = graph.scalar(name + ".epsilon", Layers.EPSILON);
        String divisor = graph.node("Add", name + ".divisor", List.of(mean, least));
        String share = graph.node("Div", name + ".share", List.of(lengths, divisor));
        String weighed = graph.node("Mul", name + ".weighed", List.of(share, vector(name + ".gamma", width)));
        String one = graph.table(name + ".one", List.of(), new ComputedWeights(name + ".one", new float[] {1}));
        String factor = graph.node("Add", name + ".factor", List.of(weighed, one));
        String scaled = graph.node("Mul", name + ".scaled", List.of(in, factor));
        return graph.node("Add", name, List.of(scaled, vector(name + ".beta", width)));
    }

    private String vector(String name, int width) {
        return graph.table(
                name,
                List.of((long) width),
                layers.weights().get(name, 1, 1, 1, width).weights());
    }

    /** From a grid of that side to one of half of it. */
    String downsampled(String name, String in, int from) {
        String even = map(name + "in", layers.rms(name + "norm", in, channels), from);
        return rows(name + "rows", resampled("Conv", name, even));
    }

    /** From half of that side to a grid of it. */
    String upsampled(String name, String in, int to) {
        String even = map(name + "in", layers.rms(name + "norm", in, channels), to / 2);
        return rows(name + "rows", resampled("ConvTranspose", name, even));
    }

    private String resampled(String operator, String name, String in) {
        String kernel = name + "conv.weight";
        String weight = graph.weights(
                kernel,
                List.of((long) channels, (long) channels, 2L, 2L),
                layers.weights().get(kernel, channels, channels, 2, 2).weights());
        return graph.node(operator, name + "conv", List.of(in, weight), Attribute.list("strides", 2, 2));
    }

    /** [B, S, C] to [B, C, side, side] */
    private String map(String name, String in, int ofSide) {
        String square = graph.node(
                "Reshape",
                name + ".square",
                List.of(in, graph.wholes(name + ".square.shape", 0, ofSide, ofSide, channels)));
        return graph.node("Transpose", name + ".map", List.of(square), Attribute.list("perm", 0, 3, 1, 2));
    }

    /** [B, C, side, side] to [B, S, C] */
    private String rows(String name, String in) {
        String square = graph.node("Transpose", name + ".square", List.of(in), Attribute.list("perm", 0, 2, 3, 1));
        return graph.node("Reshape", name, List.of(square, graph.wholes(name + ".shape", 0, -1, channels)));
    }
}
