package dev.tessera.importer.convolution;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;

/**
 * The encoder and the decoder of a VQGAN in taming-transformers' layout, which VAR took over: levels count from the
 * highest resolution, 0, to the lowest. Which blocks have attention is read from the tensors. Source:
 * taming-transformers, {@code taming/modules/diffusionmodules/model.py}.
 */
public final class VqganLayers {
    private static final int MAX_LEVELS = 9;

    private final StateDict weights;
    private final ConvolutionLayers layers;

    /** @param weights with {@code encoder} and {@code decoder} at their top */
    public VqganLayers(StateDict weights, ConvolutionLayers layers) {
        this.weights = weights;
        this.layers = layers;
    }

    /**
     * Number of levels of a side; the picture doubles or halves between two of them.
     *
     * @param side {@code encoder.down} or {@code decoder.up}
     * @throws ImportException when there are none or absurdly many
     */
    public static int levels(StateDict weights, String side) {
        int levels = weights.count(side + ".", ".block.0.conv1.weight");
        if (levels < 1 || levels > MAX_LEVELS) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, weights.source() + " has '" + side + "' of " + levels + " levels");
        }
        return levels;
    }

    /** Pixels or labels to the latent map of the lowest resolution. */
    public FeatureMap encoded(FeatureMap in) {
        var map = layers.convolution("encoder.conv_in", in, 3);
        int levels = levels(weights, "encoder.down");
        for (int level = 0; level < levels; level++) {
            String name = "encoder.down." + level;
            map = blocks(name, map);
            map = weights.has(name + ".downsample.conv.weight") ? layers.downsample(name + ".downsample", map) : map;
        }
        map = middle("encoder", map);
        return layers.convolution("encoder.conv_out", layers.swish("encoder.norm_out", map), 3);
    }

    /** A latent map to {@code decoder.conv_out}. */
    public FeatureMap decoded(FeatureMap latent) {
        var map = middle("decoder", layers.convolution("decoder.conv_in", latent, 3));
        for (int level = levels(weights, "decoder.up") - 1; level >= 0; level--) {
            String name = "decoder.up." + level;
            map = blocks(name, map);
            map = weights.has(name + ".upsample.conv.weight") ? layers.upsample(name + ".upsample", map) : map;
        }
        return layers.convolution("decoder.conv_out", layers.swish("decoder.norm_out", map), 3);
    }

    private FeatureMap middle(String side, FeatureMap in) {
        var map = layers.residual(side + ".mid.block_1", in);
        map = layers.attention(side + ".mid.attn_1", map);
        return layers.residual(side + ".mid.block_2", map);
    }

    private FeatureMap blocks(String name, FeatureMap in) {
        var map = in;
        int blocks = weights.count(name + ".block.", ".conv1.weight");
        for (int block = 0; block < blocks; block++) {
            map = layers.residual(name + ".block." + block, map);
            String attention = name + ".attn." + block;
            if (weights.has(attention + ".q.weight") || weights.has(attention + ".qkv.weight")) {
                map = layers.attention(attention, map);
            }
        }
        return map;
    }
}
