package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.StridedWeights;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.LayerNorms;
import dev.tessera.importer.graph.Matrix;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import java.util.Arrays;
import java.util.List;

/**
 * VAR's transformer over one scale: every token sees all tokens of its own and of the coarser scales, whose keys and
 * values the caller keeps. What a class does to it comes in as a table. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#SCALE_GENERATOR}. Source: VAR, {@code models/basic_var.py}.
 *
 * <p>Block: x += g₁ ⊙ attention(norm(x) ⊙ f₁ + a₁); x += g₂ ⊙ ffn(norm(x) ⊙ f₂ + a₂). Normalisation is of the layer,
 * without weights, epsilon 1e-6.
 */
public final class ScaleGeneratorGraph {
    private static final float EPSILON = 1e-6f;
    private static final double MOST_SHARPNESS = Math.log(100);

    /** Of the attention without unit queries, over the root of the head's size. */
    private static final double PLAIN_SCALE = 0.25;

    private static final int QUERY = 0;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private final VarShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final Products products;
    private final LayerNorms norms;
    private final Layers layers;
    private final Dimension rows = Dimension.named("rows");
    private final Dimension positions = Dimension.named("positions");

    private ScaleGeneratorGraph(VarShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("generator", storage);
        this.products = Products.of(graph, arithmetic);
        this.norms = new LayerNorms(graph);
        this.layers = new Layers(graph, weights, products);
    }

    public static OnnxModel of(VarShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        return new ScaleGeneratorGraph(shape, weights, storage, arithmetic).build();
    }

    private OnnxModel build() {
        Dimension width = Dimension.of(shape.width());
        graph.input("embeddings", DataType.FLOAT, rows, positions, width);
        graph.input("modulation", DataType.FLOAT, rows, Dimension.of(shape.modulations()), width);
        graph.input("past", DataType.INT64, Dimension.of(1));
        constants();
        String x = "embeddings";
        for (int layer = 0; layer < shape.layers(); layer++) {
            x = layer(layer, x);
        }
        logits(x);
        return graph;
    }

    private void constants() {
        float[] ones = new float[shape.width()];
        Arrays.fill(ones, 1);
        graph.table("ones", List.of((long) shape.width()), new ComputedWeights("ones", ones));
        graph.wholes("nothing", 0);
        graph.wholes("slots", 1);
        if (shape.unitQueries()) {
            graph.wholes("heads", 0, 0, shape.heads(), shape.headSize());
            graph.wholes("flat", 0, 0, shape.width());
        }
    }

    private String layer(int layer, String in) {
        String block = "blocks." + layer + ".";
        String attended = attention(layer, modulated(block + "ln1", in, 6 * layer + 2, 6 * layer + 4));
        String middle = added(block + "attn.add", in, attended, 6 * layer);
        String fed = feedForward(block + "ffn.", modulated(block + "ln2", middle, 6 * layer + 3, 6 * layer + 5));
        return added(block + "ffn.add", middle, fed, 6 * layer + 1);
    }

    /** One row of the class's table, [B, 1, C]. */
    private String modulation(int row) {
        String index = graph.wholes("modulation." + row + ".row", row);
        return graph.node("Gather", "modulation." + row, List.of("modulation", index), Attribute.of("axis", 1));
    }

    private String modulated(String node, String in, int factor, int addend) {
        String even = norms.normalised(node, in, "ones", EPSILON);
        String scaled = graph.node("Mul", node + ".scaled", List.of(even, modulation(factor)));
        return graph.node("Add", node + ".shifted", List.of(scaled, modulation(addend)));
    }

    private String added(String node, String residual, String branch, int gain) {
        String weighed = graph.node("Mul", node + ".gain", List.of(branch, modulation(gain)));
        return graph.node("Add", node, List.of(residual, weighed));
    }

    private String attention(int layer, String in) {
        String name = "blocks." + layer + ".attn.";
        Dimension width = Dimension.of(shape.width());
        graph.input("past_key_" + layer, DataType.FLOAT, rows, Dimension.named("slots"), width);
        graph.input("past_value_" + layer, DataType.FLOAT, rows, Dimension.named("slots"), width);
        String query = query(name, in);
        String key = key(name, in, layer);
        String value = biased(name + "v_bias", "value_" + layer, projected(name, in, VALUE));
        graph.output(key, DataType.FLOAT, rows, positions, width);
        graph.output(value, DataType.FLOAT, rows, positions, width);
        String attended = graph.runtimeNode(
                "MultiHeadAttention",
                name + "attend",
                List.of(query, seen("past_key_" + layer, key), seen("past_value_" + layer, value)),
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("scale", attentionScale()));
        return layers.linear(name + "proj", attended, shape.width(), shape.width());
    }

    private float attentionScale() {
        return shape.unitQueries() ? 1 : (float) (PLAIN_SCALE / Math.sqrt(shape.headSize()));
    }

    /** The filled slots, then this scale's own rows. */
    private String seen(String past, String own) {
        String filled = graph.node("Slice", past + ".filled", List.of(past, "nothing", "past", "slots"));
        return graph.node("Concat", past + ".seen", List.of(filled, own), Attribute.of("axis", 1));
    }

    private String query(String name, String in) {
        String query = biased(name + "q_bias", name + "q", projected(name, in, QUERY));
        if (!shape.unitQueries()) {
            return query;
        }
        String scaled = graph.node("Mul", name + "q.scaled", List.of(unit(name + "q", query), sharpness(name)));
        return graph.node("Reshape", name + "q.flat", List.of(scaled, "flat"));
    }

    /** Without bias. What is kept is what is compared: the unit vectors. */
    private String key(String name, String in, int layer) {
        if (!shape.unitQueries()) {
            return projected("key_" + layer, name, in, KEY);
        }
        String unit = unit(name + "k", projected(name, in, KEY));
        return graph.node("Reshape", "key_" + layer, List.of(unit, "flat"));
    }

    /** [B, S, heads, head size], each head of length one. */
    private String unit(String node, String in) {
        String heads = graph.node("Reshape", node + ".heads", List.of(in, "heads"));
        return graph.node(
                "LpNormalization", node + ".unit", List.of(heads), Attribute.of("axis", -1), Attribute.of("p", 2));
    }

    /** exp(min(scale_mul, ln 100)) of each head, [heads, 1]. */
    private String sharpness(String name) {
        String tensor = name + "scale_mul_1H11";
        float[] values = new float[shape.heads()];
        weights.get(tensor, 1, shape.heads(), 1, 1).weights().read(0, values, values.length);
        for (int head = 0; head < values.length; head++) {
            values[head] = (float) Math.exp(Math.min(values[head], MOST_SHARPNESS));
        }
        return graph.table(tensor, List.of((long) shape.heads(), 1L), new ComputedWeights(tensor, values));
    }

    private String projected(String name, String in, int part) {
        return projected(name + "qkv." + part, name, in, part);
    }

    /** A third of the fused projection, whose rows are those of queries, keys and values. */
    private String projected(String node, String name, String in, int part) {
        long width = shape.width();
        StridedWeights third = weights.get(name + "mat_qkv.weight", 3 * width, width)
                .weights()
                .part(0, 3, part)
                .permuted(1, 0);
        return products.product(node, in, new Matrix(name + "mat_qkv.weight." + part, width, width, third));
    }

    private String biased(String tensor, String node, String in) {
        String bias = graph.table(
                tensor,
                List.of((long) shape.width()),
                weights.get(tensor, shape.width()).weights());
        return graph.node("Add", node, List.of(in, bias));
    }

    private String feedForward(String name, String in) {
        String hidden = layers.linear(name + "fc1", in, shape.width(), shape.hidden());
        String gelu = graph.node("Gelu", name + "gelu", List.of(hidden), Attribute.of("approximate", "tanh"));
        return layers.linear(name + "fc2", gelu, shape.hidden(), shape.width());
    }

    private void logits(String in) {
        String states = modulated("head_nm", in, shape.modulations() - 2, shape.modulations() - 1);
        layers.linear("head", "logits", states, shape.width(), shape.vocabulary());
        graph.output("logits", DataType.FLOAT, rows, positions, Dimension.of(shape.vocabulary()));
    }
}
