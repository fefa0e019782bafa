package dev.tessera.importer.nextscale;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.convolution.ConvolutionLayers;
import dev.tessera.importer.convolution.FeatureMap;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;

/**
 * Pixels to the tokens of all scales: the latent picture, of which each scale takes what the coarser ones have left.
 * Contract: {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_ENCODER}. Source: VAR, {@code models/basic_vae.py},
 * {@code models/quant.py}.
 */
public final class PictureEncoderGraph {
    private static final String FIRST_LAYER = "encoder.conv_in.weight";
    private static final int COLOURS = 3;

    private final VaeShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ConvolutionLayers layers;

    private PictureEncoderGraph(VaeShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("image-encoder", storage);
        this.layers = new ConvolutionLayers(graph, weights, shape.normGroups());
    }

    /** Whether a tokenizer has an encoder; one that only decodes is a tokenizer too. */
    public static boolean isIn(StateDict weights) {
        return weights.has(FIRST_LAYER);
    }

    /** @throws ImportException when a tensor is missing, or encoder and decoder do not belong together */
    public static OnnxModel of(VaeShape shape, StateDict weights, Scales scales, WeightStorage storage) {
        return new PictureEncoderGraph(shape, weights, storage).build(scales);
    }

    private OnnxModel build(Scales scales) {
        int pixels = scales.finest() * shape.factor();
        Dimension side = Dimension.of(pixels);
        graph.input("pixels", DataType.FLOAT, Dimension.of(1), Dimension.of(COLOURS), side, side);
        String latent =
                latent(new FeatureMap("pixels", COLOURS, pixels, pixels)).value();
        new ResidualTokens(graph, shape, scales, weights).of(latent);
        graph.output("tokens", DataType.INT64, Dimension.of(1), Dimension.of(scales.tokens()));
        return graph;
    }

    /** [1, Z, P, P] */
    private FeatureMap latent(FeatureMap pixels) {
        var map = layers.convolution("encoder.conv_in", pixels, 3);
        int levels = weights.count("encoder.down.", ".block.0.conv1.weight");
        if (levels != shape.levels()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    weights.source() + " has an encoder of " + levels + " levels and a decoder of " + shape.levels());
        }
        for (int level = 0; level < levels; level++) {
            map = level("encoder.down." + level, map);
        }
        map = layers.residual("encoder.mid.block_1", map);
        map = layers.attention("encoder.mid.attn_1", map);
        map = layers.residual("encoder.mid.block_2", map);
        map = layers.convolution("encoder.conv_out", layers.swish("encoder.norm_out", map), 3);
        return layers.convolution("quant_conv", map, 3);
    }

    private FeatureMap level(String name, FeatureMap in) {
        var map = in;
        int blocks = weights.count(name + ".block.", ".conv1.weight");
        for (int block = 0; block < blocks; block++) {
            map = layers.residual(name + ".block." + block, map);
            if (weights.has(name + ".attn." + block + ".qkv.weight")) {
                map = layers.attention(name + ".attn." + block, map);
            }
        }
        return weights.has(name + ".downsample.conv.weight") ? layers.downsample(name + ".downsample", map) : map;
    }
}
