package dev.tessera.importer.graph;

import java.util.List;

/**
 * Layer normalisation over the last axis: (x − mean) / √(variance + ε) · weight + bias.
 *
 * <p>Written as a root mean square normalisation of what is left without the mean: on a processor ONNX Runtime's operator
 * for the whole takes three times as long as these together. Nothing cancels either, since the mean is gone before
 * squares are summed.
 */
public final class LayerNorms {
    private static final String AXIS = "layernorm.axis";

    private final OnnxModel graph;
    private boolean begun;

    public LayerNorms(OnnxModel graph) {
        this.graph = graph;
    }

    /**
     * Without bias.
     *
     * @param weight name of a constant, [width]
     */
    public String normalised(String node, String in, String weight, float epsilon) {
        if (!begun) {
            graph.wholes(AXIS, -1);
            begun = true;
        }
        String mean = graph.node("ReduceMean", node + ".mean", List.of(in, AXIS));
        String centred = graph.node("Sub", node + ".centred", List.of(in, mean));
        return rootMeanSquare(node, centred, weight, epsilon);
    }

    /**
     * @param weight name of a constant, [width]
     * @param bias likewise
     */
    public String normalised(String node, String in, String weight, String bias, float epsilon) {
        String scaled = normalised(node + ".scaled", in, weight, epsilon);
        return graph.node("Add", node, List.of(scaled, bias));
    }

    /**
     * The root mean square normalisation alone: x / √(mean of x² + ε) · weight.
     *
     * @param weight name of a constant, [width]
     */
    public String rootMeanSquare(String node, String in, String weight, float epsilon) {
        return graph.node(
                "SimplifiedLayerNormalization",
                node,
                List.of(in, weight),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", epsilon),
                Attribute.of("stash_type", 1));
    }
}
