package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.StridedWeights;
import dev.tessera.importer.convolution.ConvolutionLayers;
import dev.tessera.importer.convolution.FeatureMap;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * aMUSEd's image tokenizer. Its own pictures are 0 to 1; the graphs' are −1 to 1 as every family's, so that the rule for
 * bytes, 127.5 x + 128 truncated, rounds 255 p as aMUSEd's own does. The picture's codes are not brought to unit length.
 * Contracts: {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_DECODER} and
 * {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_ENCODER}. Source: aMUSEd, {@code convert_amused.py}.
 */
public final class VqModelGraphs {
    private static final int COLOURS = 3;

    private final VqModelShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ConvolutionLayers layers;

    private VqModelGraphs(String name, VqModelShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel(name, storage);
        this.layers = new ConvolutionLayers(graph, weights, shape.normGroups());
    }

    /** @param side of the grid in tokens */
    public static OnnxModel decoder(VqModelShape shape, StateDict weights, int side, WeightStorage storage) {
        return new VqModelGraphs("image-decoder", shape, weights, storage).decoder(side);
    }

    /** @param side of the picture in pixels */
    public static OnnxModel encoder(VqModelShape shape, StateDict weights, int side, WeightStorage storage) {
        return new VqModelGraphs("image-encoder", shape, weights, storage).encoder(side);
    }

    private OnnxModel decoder(int side) {
        graph.input("tokens", DataType.INT64, Dimension.of(1), Dimension.of(side), Dimension.of(side));
        String table =
                graph.table(VqModelShape.MARKER, List.of((long) shape.codes(), (long) shape.dimensions()), codes());
        String vectors = graph.node("Gather", "vectors", List.of(table, "tokens"), Attribute.of("axis", 0));
        String latent = graph.node("Transpose", "latent", List.of(vectors), Attribute.list("perm", 0, 3, 1, 2));
        var map = layers.convolution("post_quant_conv", new FeatureMap(latent, shape.dimensions(), side, side), 1);
        map = layers.convolution("decoder.conv_in", map, 3);
        map = residuals("decoder.mid_block", map);
        for (int level = 0; level < shape.levels(); level++) {
            String name = "decoder.up_blocks." + level;
            map = residuals(name, map);
            map = level + 1 < shape.levels() ? layers.upsample(name + ".upsamplers.0", map) : map;
        }
        pixels(layers.swish("decoder.conv_norm_out", map));
        return graph;
    }

    /** 2 · clip(p, 0, 1) − 1 */
    private void pixels(FeatureMap in) {
        weights.get("decoder.conv_out.weight", COLOURS, in.channels(), 3, 3);
        var out = layers.convolution("decoder.conv_out", in, 3);
        String least = graph.scalar("least", 0);
        String one = graph.scalar("one", 1);
        String clipped = graph.node("Clip", "shares", List.of(out.value(), least, one));
        String doubled = graph.node("Mul", "shares.doubled", List.of(clipped, graph.scalar("two", 2)));
        graph.node("Sub", "pixels", List.of(doubled, one));
        Dimension side = Dimension.of(out.height());
        graph.output("pixels", DataType.FLOAT, Dimension.of(1), Dimension.of(COLOURS), side, side);
    }

    private OnnxModel encoder(int side) {
        Dimension pixels = Dimension.of(side);
        graph.input("pixels", DataType.FLOAT, Dimension.of(1), Dimension.of(COLOURS), pixels, pixels);
        String half = graph.scalar("half", 0.5f);
        String halved = graph.node("Mul", "pixels.halved", List.of("pixels", half));
        String shares = graph.node("Add", "shares", List.of(halved, half));
        var map = layers.convolution("encoder.conv_in", new FeatureMap(shares, COLOURS, side, side), 3);
        for (int level = 0; level < shape.levels(); level++) {
            String name = "encoder.down_blocks." + level;
            map = residuals(name, map);
            map = level + 1 < shape.levels() ? layers.downsample(name + ".downsamplers.0", map) : map;
        }
        map = residuals("encoder.mid_block", map);
        map = layers.convolution("encoder.conv_out", layers.swish("encoder.conv_norm_out", map), 3);
        nearest(layers.convolution("quant_conv", map, 1));
        return graph;
    }

    private FeatureMap residuals(String name, FeatureMap in) {
        var map = in;
        int blocks = weights.count(name + ".resnets.", ".conv1.weight");
        for (int block = 0; block < blocks; block++) {
            map = layers.residual(name + ".resnets." + block, map);
        }
        return map;
    }

    /** The code of the least distance: the one with the largest z · e − |e|² / 2. */
    private void nearest(FeatureMap latent) {
        String rows =
                graph.node("Transpose", "latent.rows", List.of(latent.value()), Attribute.list("perm", 0, 2, 3, 1));
        String columns = graph.table(
                "codes.columns", List.of((long) shape.dimensions(), (long) shape.codes()), codes().permuted(1, 0));
        String products = graph.node("MatMul", "products", List.of(rows, columns));
        String halves = graph.table("codes.half_squares", List.of((long) shape.codes()), halfSquares());
        String nearness = graph.node("Sub", "nearness", List.of(products, halves));
        graph.node("ArgMax", "tokens", List.of(nearness), Attribute.of("axis", -1), Attribute.of("keepdims", 0));
        graph.output(
                "tokens", DataType.INT64, Dimension.of(1), Dimension.of(latent.height()), Dimension.of(latent.width()));
    }

    private StridedWeights codes() {
        return weights.get(VqModelShape.MARKER, shape.codes(), shape.dimensions())
                .weights();
    }

    private ComputedWeights halfSquares() {
        float[] vectors = new float[Math.multiplyExact(shape.codes(), shape.dimensions())];
        codes().read(0, vectors, vectors.length);
        float[] halves = new float[shape.codes()];
        for (int code = 0; code < halves.length; code++) {
            double squares = 0;
            for (int i = 0; i < shape.dimensions(); i++) {
                double value = vectors[code * shape.dimensions() + i];
                squares += value * value;
            }
            halves[code] = (float) (squares / 2);
        }
        return new ComputedWeights("codes.half_squares", halves);
    }
}
