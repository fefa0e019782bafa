package dev.tessera.importer.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products in eight bits: with m the largest magnitude of a row of x and s that of a column of W, both over 127, x W is
 * m s (round(x / m) · round(W / s)), the sum in the parentheses one of whole numbers. A row's scale is its own, so that its
 * result does not depend on the rows beside it. Activations are unsigned around 128, as processors multiply them best.
 */
final class ByteProducts implements Products {
    /** Against 0 / 0; far below what a network computes with, and far above what is lost to underflow. */
    private static final float LEAST_MAGNITUDE = 1e-30f;

    private static final float MIDDLE = 128;

    private final OnnxModel graph;
    private final int leastSide;
    private final Products floats;

    /** By the activation's name: products that read the same one share it. */
    private final Map<String, Quantised> quantised = new HashMap<>();

    ByteProducts(OnnxModel graph, int leastSide) {
        this.graph = graph;
        this.leastSide = leastSide;
        this.floats = new FloatProducts(graph);
    }

    @Override
    public String product(String node, String in, Matrix matrix) {
        if (Math.min(matrix.rows(), matrix.columns()) < leastSide) {
            return floats.product(node, in, matrix);
        }
        if (quantised.isEmpty()) {
            constants();
        }
        var bytes = new QuantisedMatrix(matrix);
        String weight = graph.bytes(matrix.name() + ".int8", DataType.INT8, matrix.shape(), bytes.values());
        String scales = graph.table(matrix.name() + ".scales", List.of(matrix.columns()), bytes.scales());
        Quantised x = quantised.computeIfAbsent(in, this::quantise);
        // Weights have no middle but nought; the runtime ends the process where it is to find one and there is none.
        String scaled = graph.runtimeNode(
                "MatMulIntegerToFloat",
                "int8." + node + ".scaled",
                List.of(x.value, weight, "int8.step", scales, "int8.middle", "int8.nought"));
        return graph.node("Mul", node, List.of(scaled, x.magnitude));
    }

    private void constants() {
        graph.wholes("int8.axis", -1);
        graph.scalar("int8.least", LEAST_MAGNITUDE);
        graph.scalar("int8.step", 1f / QuantisedMatrix.LARGEST);
        constant("int8.middle", DataType.UINT8, MIDDLE);
        constant("int8.nought", DataType.INT8, 0);
    }

    private void constant(String name, DataType type, float value) {
        graph.bytes(name, type, List.of(), new ComputedWeights(name, new float[] {value}));
    }

    private Quantised quantise(String in) {
        String name = "int8." + in;
        String magnitudes = graph.node("Abs", name + ".abs", List.of(in));
        String largest = graph.node("ReduceMax", name + ".largest", List.of(magnitudes, "int8.axis"));
        String magnitude = graph.node("Max", name + ".magnitude", List.of(largest, "int8.least"));
        String share = graph.node("Div", name + ".share", List.of(in, magnitude));
        String value = graph.node("QuantizeLinear", name, List.of(share, "int8.step", "int8.middle"));
        return new Quantised(value, magnitude);
    }

    /**
     * An activation x, [.., columns].
     *
     * @param value its whole numbers
     * @param magnitude the largest of each row, [.., 1]
     */
    private record Quantised(String value, String magnitude) {}
}
