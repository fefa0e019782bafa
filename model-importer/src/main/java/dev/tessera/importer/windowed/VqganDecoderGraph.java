package dev.tessera.importer.windowed;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.convolution.ConvolutionLayers;
import dev.tessera.importer.convolution.FeatureMap;
import dev.tessera.importer.convolution.VqganLayers;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * Tokens of a grid of any size to pixels; code vectors are taken as they are. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_DECODER}.
 */
public final class VqganDecoderGraph {
    private static final int COLOURS = 3;

    private VqganDecoderGraph() {}

    /** @param weights of the VQGAN */
    public static OnnxModel of(VqganShape shape, StateDict weights, WeightStorage storage) {
        var graph = new OnnxModel("image-decoder", storage);
        var layers = new ConvolutionLayers(graph, weights, shape.normGroups());
        Dimension one = Dimension.of(1);
        graph.input("tokens", DataType.INT64, one, Dimension.named("rows"), Dimension.named("columns"));
        var map = layers.convolution("post_quant_conv", codeVectors(graph, shape, weights), 1);
        weights.get("decoder.conv_out.weight", COLOURS, ANY, 3, 3);
        map = new VqganLayers(weights, layers).decoded(map);
        graph.node("Identity", "pixels", List.of(map.value()));
        graph.output(
                "pixels",
                DataType.FLOAT,
                one,
                Dimension.of(COLOURS),
                Dimension.named("height"),
                Dimension.named("width"));
        return graph;
    }

    private static FeatureMap codeVectors(OnnxModel graph, VqganShape shape, StateDict weights) {
        String codebook = graph.table(
                shape.codebook(),
                List.of((long) shape.codes(), (long) shape.dimensions()),
                weights.get(shape.codebook(), shape.codes(), shape.dimensions()).weights());
        String vectors = graph.node("Gather", "codes", List.of(codebook, "tokens"), Attribute.of("axis", 0));
        String map = graph.node("Transpose", "codes.map", List.of(vectors), Attribute.list("perm", 0, 3, 1, 2));
        return FeatureMap.ofAnySize(map, shape.dimensions());
    }
}
