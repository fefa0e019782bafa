package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/** The projection of text states into the transformer: fc2(gelu(fc1 x)), GELU by its tanh approximation, no biases. */
public final class CaptionProjection {
    private static final String FC1 = "cls_embedding.cap_proj.fc1";
    private static final String FC2 = "cls_embedding.cap_proj.fc2";

    private CaptionProjection() {}

    /** Contract: {@link dev.tessera.inference.bundle.BundleFiles#CAPTION}. */
    public static OnnxModel graph(GptShape shape, StateDict weights, WeightStorage storage) {
        var graph = new OnnxModel("caption", storage);
        Dimension positions = Dimension.named("positions");
        String states =
                graph.input("states", DataType.FLOAT, Dimension.of(1), positions, Dimension.of(shape.conditions()));
        Products products = Products.inFloats(graph);
        String hidden = Linear.add(products, weights, FC1, FC1 + ".weight", states, shape.conditions(), shape.width());
        String gelu = graph.node("Gelu", "gelu", List.of(hidden), Attribute.of("approximate", "tanh"));
        Linear.add(products, weights, "embeddings", FC2 + ".weight", gelu, shape.width(), shape.width());
        graph.output("embeddings", DataType.FLOAT, Dimension.of(1), positions, Dimension.of(shape.width()));
        return graph;
    }

    /** The stored unconditional caption after the projection: T rows of the transformer's width. */
    static Weights unconditional(GptShape shape, StateDict weights) {
        float[] states = read(weights.get(GptShape.UNCONDITIONAL, shape.prefix(), shape.conditions())
                .weights());
        float[] fc1 = read(
                weights.get(FC1 + ".weight", shape.width(), shape.conditions()).weights());
        float[] fc2 =
                read(weights.get(FC2 + ".weight", shape.width(), shape.width()).weights());
        float[] hidden = product(states, fc1, shape.prefix(), shape.conditions(), shape.width());
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = gelu(hidden[i]);
        }
        return new ComputedWeights(
                GptShape.UNCONDITIONAL, product(hidden, fc2, shape.prefix(), shape.width(), shape.width()));
    }

    /** x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2 (Hendrycks and Gimpel, arXiv 1606.08415). */
    private static float gelu(double x) {
        return (float) (0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
    }

    /** Rows of {@code a} [n, in] times the rows of {@code b} [out, in]. */
    private static float[] product(float[] a, float[] b, int n, int in, int out) {
        float[] result = new float[n * out];
        for (int row = 0; row < n; row++) {
            for (int column = 0; column < out; column++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += (double) a[row * in + i] * b[column * in + i];
                }
                result[row * out + column] = (float) sum;
            }
        }
        return result;
    }

    private static float[] read(Weights weights) {
        float[] values = new float[Math.toIntExact(weights.elements())];
        weights.read(0, values, values.length);
        return values;
    }
}
