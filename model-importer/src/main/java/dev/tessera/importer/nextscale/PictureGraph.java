package dev.tessera.importer.nextscale;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.convolution.ConvolutionLayers;
import dev.tessera.importer.convolution.FeatureMap;
import dev.tessera.importer.convolution.VqganLayers;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * The latent picture to pixels, from the lowest resolution, which has the highest number, to the highest; clamped to -1
 * to 1. Contract: {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_DECODER}. Source: VAR,
 * {@code models/basic_vae.py}, {@code models/vqvae.py}.
 */
public final class PictureGraph {
    private static final int COLOURS = 3;

    private final VaeShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ConvolutionLayers layers;

    private PictureGraph(VaeShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("image-decoder", storage);
        this.layers = new ConvolutionLayers(graph, weights, shape.normGroups());
    }

    /** @param side of the latent picture */
    public static OnnxModel of(VaeShape shape, StateDict weights, int side, WeightStorage storage) {
        return new PictureGraph(shape, weights, storage).build(side);
    }

    private OnnxModel build(int side) {
        Dimension cells = Dimension.of(side);
        graph.input("latent", DataType.FLOAT, Dimension.of(1), Dimension.of(shape.dimensions()), cells, cells);
        var map = new FeatureMap("latent", shape.dimensions(), side, side);
        map = layers.convolution("post_quant_conv", map, 3);
        weights.get("decoder.conv_out.weight", COLOURS, ANY, 3, 3);
        pixels(new VqganLayers(weights, layers).decoded(map));
        return graph;
    }

    private void pixels(FeatureMap out) {
        graph.node("Clip", "pixels", List.of(out.value(), graph.scalar("least", -1), graph.scalar("most", 1)));
        Dimension side = Dimension.of(out.height());
        graph.output("pixels", DataType.FLOAT, Dimension.of(1), Dimension.of(COLOURS), side, side);
    }
}
