package dev.tessera.importer.windowed;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.convolution.ConvolutionLayers;
import dev.tessera.importer.convolution.FeatureMap;
import dev.tessera.importer.convolution.VqganLayers;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * A picture, or a condition map, to tokens: the code at the least distance, or of a Gumbel quantiser that with the
 * largest logit. Contract: {@link dev.tessera.inference.bundle.BundleFiles#IMAGE_ENCODER} and
 * {@link dev.tessera.inference.bundle.BundleFiles#CONDITION_ENCODER}.
 */
public final class VqganEncoderGraph {
    private final VqganShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final ConvolutionLayers layers;

    private VqganEncoderGraph(VqganShape shape, StateDict weights, OnnxModel graph) {
        this.shape = shape;
        this.weights = weights;
        this.graph = graph;
        this.layers = new ConvolutionLayers(graph, weights, shape.normGroups());
    }

    /**
     * @param name of the graph
     * @param weights of the VQGAN
     */
    public static OnnxModel of(String name, VqganShape shape, StateDict weights, WeightStorage storage) {
        return new VqganEncoderGraph(shape, weights, new OnnxModel(name, storage)).build();
    }

    private OnnxModel build() {
        Dimension one = Dimension.of(1);
        graph.input(
                "pixels",
                DataType.FLOAT,
                one,
                Dimension.of(shape.channels()),
                Dimension.named("height"),
                Dimension.named("width"));
        var map = new VqganLayers(weights, layers).encoded(FeatureMap.ofAnySize("pixels", shape.channels()));
        map = layers.convolution("quant_conv", map, 1);
        if (shape.gumbel()) {
            best(layers.convolution("quantize.proj", map, 1).value(), 1);
        } else {
            best(nearness(map), -1);
        }
        graph.output("tokens", DataType.INT64, one, Dimension.named("rows"), Dimension.named("columns"));
        return graph;
    }

    private void best(String scores, long axis) {
        graph.node("ArgMax", "tokens", List.of(scores), Attribute.of("axis", axis), Attribute.of("keepdims", 0));
    }

    /** z · e − |e|² / 2, which is largest where |z − e| is least: [1, rows, columns, codes]. */
    private String nearness(FeatureMap latent) {
        int size = shape.codes() * shape.dimensions();
        float[] codes = new float[size];
        weights.get(shape.codebook(), shape.codes(), shape.dimensions())
                .weights()
                .read(0, codes, size);
        float[] columns = new float[size];
        float[] halves = new float[shape.codes()];
        for (int i = 0; i < size; i++) {
            int code = i / shape.dimensions();
            columns[i % shape.dimensions() * shape.codes() + code] = codes[i];
            halves[code] += codes[i] * codes[i] / 2;
        }
        String rows =
                graph.node("Transpose", "latent.rows", List.of(latent.value()), Attribute.list("perm", 0, 2, 3, 1));
        String table = graph.table(
                shape.codebook(),
                List.of((long) shape.dimensions(), (long) shape.codes()),
                new ComputedWeights(shape.codebook(), columns));
        String half = graph.table(
                "squares.half",
                List.of((long) shape.codes()),
                new ComputedWeights("squares of " + shape.codebook(), halves));
        String products = graph.node("MatMul", "products", List.of(rows, table));
        return graph.node("Sub", "nearness", List.of(products, half));
    }
}
