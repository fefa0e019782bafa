package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.LayerNorms;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import java.util.ArrayList;
import java.util.List;

/**
 * A T5 encoder: RMS normalisation before every branch, attention without scaling and with a learned bias per head and
 * relative position that all layers share, gated GELU feed-forward. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#TEXT_ENCODER}.
 */
public final class TextEncoderGraph {
    /** The tensor by which a text encoder's state dict is found. */
    public static final String MARKER = "encoder.final_layer_norm.weight";

    private static final String SHARED = "shared.weight";
    private static final String EMBED = "encoder.embed_tokens.weight";
    private static final String BIAS = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";

    private final T5Config config;
    private final StateDict weights;
    private final OnnxModel graph;
    private final LayerNorms norms;

    private TextEncoderGraph(T5Config config, StateDict weights, WeightStorage storage) {
        this.config = config;
        this.weights = weights;
        this.graph = new OnnxModel("text-encoder", storage);
        this.norms = new LayerNorms(graph);
    }

    /** @param maxTokens longest input; relative positions beyond it are not in the graph */
    public static OnnxModel of(T5Config config, StateDict weights, int maxTokens, WeightStorage storage) {
        return new TextEncoderGraph(config, weights, storage).build(maxTokens);
    }

    /** Number of rows of the embedding table. */
    public static int vocabulary(T5Config config, StateDict weights) {
        return Math.toIntExact(
                weights.get(embedding(weights), StateDict.ANY, config.width()).size(0));
    }

    private static String embedding(StateDict weights) {
        return weights.has(SHARED) ? SHARED : EMBED;
    }

    private OnnxModel build(int maxTokens) {
        Dimension one = Dimension.of(1);
        Dimension positions = Dimension.named("positions");
        String ids = graph.input("ids", DataType.INT64, one, positions);
        String embedding = embedding(weights);
        List<Long> shape = List.of((long) vocabulary(config, weights), (long) config.width());
        String table = graph.weights(
                embedding,
                shape,
                weights.get(embedding, shape.get(0), shape.get(1)).weights());
        String sum = graph.node("Gather", "embeddings", List.of(table, ids), Attribute.of("axis", 0));
        String bias = positionBias(ids, maxTokens);
        for (int i = 0; i < config.layers(); i++) {
            String block = "encoder.block." + i + ".layer.";
            sum = graph.node("Add", block + "0.sum", List.of(sum, attention(block + "0.", sum, bias)));
            sum = graph.node("Add", block + "1.sum", List.of(sum, feedForward(block + "1.", sum)));
        }
        normalised("states", "encoder.final_layer_norm.weight", sum);
        graph.output("states", DataType.FLOAT, one, positions, Dimension.of(config.width()));
        return graph;
    }

    /** [1, heads, S, S], cut from a table of the buckets of all pairs of positions. */
    private String positionBias(String ids, int maxTokens) {
        String pairs =
                graph.wholes("position_buckets", List.of((long) maxTokens, (long) maxTokens), buckets(maxTokens));
        String length = graph.node("Shape", "length", List.of(ids), Attribute.of("start", 1), Attribute.of("end", 2));
        String ends = graph.node("Concat", "ends", List.of(length, length), Attribute.of("axis", 0));
        String used = graph.node(
                "Slice",
                "used_buckets",
                List.of(pairs, graph.wholes("starts", 0, 0), ends, graph.wholes("axes", 0, 1)));
        String table = graph.table(
                BIAS,
                List.of((long) config.buckets(), (long) config.heads()),
                weights.get(BIAS, config.buckets(), config.heads()).weights());
        String biases = graph.node("Gather", "position_biases", List.of(table, used), Attribute.of("axis", 0));
        String perHead = graph.node("Transpose", "biases_per_head", List.of(biases), Attribute.list("perm", 2, 0, 1));
        return graph.node("Unsqueeze", "position_bias", List.of(perHead, graph.wholes("batch_axis", 0)));
    }

    private List<Long> buckets(int maxTokens) {
        List<Long> buckets = new ArrayList<>();
        for (int query = 0; query < maxTokens; query++) {
            for (int key = 0; key < maxTokens; key++) {
                buckets.add((long) config.bucket(key - query));
            }
        }
        return buckets;
    }

    private String attention(String layer, String in, String bias) {
        String normalised = normalised(layer + "normalised", layer + "layer_norm.weight", in);
        String attention = layer + "SelfAttention.";
        String query = linear(attention + "q", normalised, config.width(), config.inner());
        String key = linear(attention + "k", normalised, config.width(), config.inner());
        String value = linear(attention + "v", normalised, config.width(), config.inner());
        String attended = graph.runtimeNode(
                "MultiHeadAttention",
                attention + "attend",
                List.of(query, key, value, "", "", bias),
                Attribute.of("num_heads", config.heads()),
                Attribute.of("scale", 1f));
        return linear(attention + "o", attended, config.inner(), config.width());
    }

    private String feedForward(String layer, String in) {
        String normalised = normalised(layer + "normalised", layer + "layer_norm.weight", in);
        String dense = layer + "DenseReluDense.";
        String gate = linear(dense + "wi_0", normalised, config.width(), config.hidden());
        String gelu = graph.node("Gelu", dense + "gelu", List.of(gate), Attribute.of("approximate", "tanh"));
        String up = linear(dense + "wi_1", normalised, config.width(), config.hidden());
        String product = graph.node("Mul", dense + "gated", List.of(gelu, up));
        return linear(dense + "wo", product, config.hidden(), config.width());
    }

    private String linear(String name, String in, int from, int to) {
        return Linear.add(Products.inFloats(graph), weights, name, name + ".weight", in, from, to);
    }

    private String normalised(String node, String gamma, String in) {
        String weight = graph.table(
                gamma,
                List.of((long) config.width()),
                weights.get(gamma, config.width()).weights());
        return norms.rootMeanSquare(node, in, weight, config.epsilon());
    }
}
