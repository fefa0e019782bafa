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
 * Pixels to tokens: the code nearest to each latent vector, both at unit length, which is the one with the largest
 * inner product. Contract: {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_ENCODER}.
 */
public final class ImageEncoderGraph {
    private final VqShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ConvolutionLayers layers;

    private ImageEncoderGraph(VqShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("image-encoder", storage);
        this.layers = new ConvolutionLayers(graph, weights, shape.normGroups());
    }

    /** @param height of the picture in pixels, like its width a multiple of the tokenizer's factor */
    public static OnnxModel of(VqShape shape, StateDict weights, int height, int width, WeightStorage storage) {
        return new ImageEncoderGraph(shape, weights, storage).build(height, width);
    }

    private OnnxModel build(int height, int width) {
        graph.input(
                "pixels", DataType.FLOAT, Dimension.of(1), Dimension.of(3), Dimension.of(height), Dimension.of(width));
        var map = layers.convolution("encoder.conv_in", new FeatureMap("pixels", 3, height, width), 3);
        for (int i = 0; i <= shape.downsamplings(); i++) {
            map = level("encoder.conv_blocks." + i, map);
        }
        map = layers.residual("encoder.mid.0", map);
        map = layers.attention("encoder.mid.1", map);
        map = layers.residual("encoder.mid.2", map);
        map = layers.convolution("encoder.conv_out", layers.swish("encoder.norm_out", map), 3);
        nearestCodes(layers.convolution("quant_conv", map, 1));
        return graph;
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
        return weights.has(name + ".downsample.conv.weight") ? layers.downsample(name + ".downsample", map) : map;
    }

    private void nearestCodes(FeatureMap latent) {
        String rows =
                graph.node("Transpose", "latent.rows", List.of(latent.value()), Attribute.list("perm", 0, 2, 3, 1));
        String unit = graph.node(
                "LpNormalization", "latent.unit", List.of(rows), Attribute.of("axis", -1), Attribute.of("p", 2));
        String codebook = graph.table(
                VqShape.MARKER,
                List.of((long) shape.dimensions(), (long) shape.codes()),
                new Codebook(shape, weights).transposed());
        String products = graph.node("MatMul", "products", List.of(unit, codebook));
        graph.node("ArgMax", "tokens", List.of(products), Attribute.of("axis", -1), Attribute.of("keepdims", 0));
        graph.output(
                "tokens", DataType.INT64, Dimension.of(1), Dimension.of(latent.height()), Dimension.of(latent.width()));
    }
}
