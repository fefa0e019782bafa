package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.convolution.ConvolutionLayers;
import dev.tessera.importer.convolution.FeatureMap;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * Tokens to pixels, from the lowest resolution to the highest. Which blocks have attention or a doubling, and how many
 * residual blocks there are, is read from the tensors. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_DECODER}.
 */
public final class ImageDecoderGraph {
    private final VqShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ConvolutionLayers layers;

    private ImageDecoderGraph(VqShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("image-decoder", storage);
        this.layers = new ConvolutionLayers(graph, weights, shape.normGroups());
    }

    public static OnnxModel of(VqShape shape, StateDict weights, int rows, int columns, WeightStorage storage) {
        return new ImageDecoderGraph(shape, weights, storage).build(rows, columns);
    }

    private OnnxModel build(int rows, int columns) {
        graph.input("tokens", DataType.INT64, Dimension.of(1), Dimension.of(rows), Dimension.of(columns));
        var map = layers.convolution("post_quant_conv", codeVectors(rows, columns), 1);
        map = layers.convolution("decoder.conv_in", map, 3);
        map = layers.residual("decoder.mid.0", map);
        map = layers.attention("decoder.mid.1", map);
        map = layers.residual("decoder.mid.2", map);
        for (int i = 0; i <= shape.downsamplings(); i++) {
            map = level("decoder.conv_blocks." + i, map);
        }
        pixels(layers.swish("decoder.norm_out", map));
        return graph;
    }

    private FeatureMap codeVectors(int rows, int columns) {
        String codebook = graph.table(
                VqShape.MARKER,
                List.of((long) shape.codes(), (long) shape.dimensions()),
                new Codebook(shape, weights).table());
        String vectors = graph.node("Gather", "codes", List.of(codebook, "tokens"), Attribute.of("axis", 0));
        String channels = graph.node("Transpose", "codes.map", List.of(vectors), Attribute.list("perm", 0, 3, 1, 2));
        return new FeatureMap(channels, shape.dimensions(), rows, columns);
    }

    private FeatureMap level(String name, FeatureMap in) {
        var map = in;
        int blocks = weights.count(name + ".res.", ".conv1.weight");
        for (int block = 0; block < blocks; block++) {
            map = layers.residual(name + ".res." + block, map);
            if (weights.has(name + ".attn." + block + ".q.weight")) {
                map = layers.attention(name + ".attn." + block, map);
            }
        }
        return weights.has(name + ".upsample.conv.weight") ? layers.upsample(name + ".upsample", map) : map;
    }

    private void pixels(FeatureMap in) {
        weights.get("decoder.conv_out.weight", 3, in.channels(), 3, 3);
        var out = layers.convolution("decoder.conv_out", in, 3);
        graph.node("Identity", "pixels", List.of(out.value()));
        graph.output(
                "pixels",
                DataType.FLOAT,
                Dimension.of(1),
                Dimension.of(3),
                Dimension.of(out.height()),
                Dimension.of(out.width()));
    }
}
