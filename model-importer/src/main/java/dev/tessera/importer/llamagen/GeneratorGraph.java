package dev.tessera.importer.llamagen;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.StridedWeights;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.LayerNorms;
import dev.tessera.importer.graph.Matrix;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * LlamaGen's transformer over a key/value buffer that the caller owns: one graph for prefill and decode, in which every
 * row of the batch has its own position. Contract: {@link dev.tessera.inference.bundle.BundleFiles#GENERATOR}.
 *
 * <p>Block: h = x + attention(norm(x)); h + w2(silu(w1 n) ⊙ w3 n) with n = norm(h). Normalisation is RMS with epsilon
 * 1e-5 in 32 bits. Attention is, too, or in 16 bits with a cast before and after it.
 */
public final class GeneratorGraph {
    private static final float EPSILON = 1e-5f;

    private final GptShape shape;
    private final StateDict weights;
    private final Form form;
    private final OnnxModel graph;
    private final Products products;

    private GeneratorGraph(GptShape shape, StateDict weights, Form form, WeightStorage storage, Arithmetic arithmetic) {
        this.shape = shape;
        this.weights = weights;
        this.form = form;
        this.graph = new OnnxModel("generator", storage);
        this.products = Products.of(graph, arithmetic);
    }

    public static OnnxModel of(
            GptShape shape, StateDict weights, Form form, WeightStorage storage, Arithmetic arithmetic) {
        return new GeneratorGraph(shape, weights, form, storage, arithmetic).build();
    }

    private OnnxModel build() {
        Dimension rows = Dimension.named("rows");
        Dimension positions = Dimension.named("positions");
        String embeddings = graph.input("embeddings", DataType.FLOAT, rows, positions, Dimension.of(shape.width()));
        graph.input("seqlens_k", DataType.INT32, rows);
        graph.input("total_length", DataType.INT32, Dimension.of(1));
        graph.input("position_ids", DataType.INT64, rows, positions);
        graph.input("last", DataType.INT64, Dimension.named("wanted"));
        rotaryTables();
        String gamma = norm("layers.0.attention_norm");
        var layer = new Residual(
                embeddings,
                new LayerNorms(graph).rootMeanSquare("layers.0.attention_norm.out", embeddings, gamma, EPSILON));
        for (int i = 0; i < shape.layers(); i++) {
            layer = layer(i, layer);
        }
        logits(layer.normalised);
        return graph;
    }

    private void rotaryTables() {
        var table = new RotaryTable(shape.prefix(), form.gridSide, shape.headSize(), shape.paddedHeadSize());
        graph.table("rotary.cos", table.shape(), table.cosines());
        graph.table("rotary.sin", table.shape(), table.sines());
        if (form.halfAttention) {
            cast("rotary.cos.fp16", "rotary.cos", DataType.FLOAT16);
            cast("rotary.sin.fp16", "rotary.sin", DataType.FLOAT16);
        }
    }

    private Residual layer(int index, Residual in) {
        String layer = "layers." + index + ".";
        String attended = attention(index, in.normalised);
        var middle = added(layer + "attention.add", attended, in.sum, layer + "ffn_norm");
        String fed = feedForward(layer + "feed_forward.", middle.normalised);
        String next = index + 1 < shape.layers() ? "layers." + (index + 1) + ".attention_norm" : "norm";
        return added(layer + "feed_forward.add", fed, middle.sum, next);
    }

    private String attention(int index, String in) {
        String attention = "layers." + index + ".attention.";
        cacheInputs(index);
        String qkv = products.product(attention + "qkv", in, packedProjection(attention + "wqkv.weight"));
        String suffix = form.halfAttention ? ".fp16" : "";
        List<String> inputs = List.of(
                form.halfAttention ? cast(attention + "qkv.fp16", qkv, DataType.FLOAT16) : qkv,
                "",
                "",
                "past_key_" + index,
                "past_value_" + index,
                "seqlens_k",
                "total_length",
                "rotary.cos" + suffix,
                "rotary.sin" + suffix,
                "position_ids");
        List<String> outputs = List.of(attention + "attend", "present_key_" + index, "present_value_" + index);
        graph.runtimeNode(
                "GroupQueryAttention",
                attention + "attend",
                inputs,
                outputs,
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("kv_num_heads", shape.heads()),
                Attribute.of("do_rotary", 1),
                Attribute.of("rotary_interleaved", 1),
                Attribute.of("scale", (float) (1 / Math.sqrt(shape.headSize()))));
        String attended = form.halfAttention
                ? cast(attention + "attend.fp32", outputs.getFirst(), DataType.FLOAT)
                : outputs.getFirst();
        return products.product(attention + "out", attended, outProjection(attention));
    }

    private String cast(String node, String in, DataType type) {
        return graph.node("Cast", node, List.of(in), Attribute.of("to", type.code()));
    }

    private void cacheInputs(int index) {
        Dimension[] cache = {
            Dimension.named("rows"),
            Dimension.of(shape.heads()),
            Dimension.named("slots"),
            Dimension.of(shape.paddedHeadSize())
        };
        DataType type = form.halfAttention ? DataType.FLOAT16 : DataType.FLOAT;
        graph.input("past_key_" + index, type, cache);
        graph.input("past_value_" + index, type, cache);
        graph.output("present_key_" + index, type, cache);
        graph.output("present_value_" + index, type, cache);
    }

    /** Rows q | k | v of the checkpoint, each head lengthened with zeros, as columns: [d, 3 · heads · padded]. */
    private Matrix packedProjection(String name) {
        StridedWeights packed = weights.get(name, 3L * shape.width(), shape.width())
                .weights()
                .split(0, 3L * shape.heads())
                .padded(1, shape.paddedHeadSize())
                .permuted(2, 0, 1);
        long columns = 3L * shape.heads() * shape.paddedHeadSize();
        return new Matrix(name, shape.width(), columns, packed);
    }

    /** The columns of the checkpoint, which the heads' outputs meet, as rows: [heads · padded, d]. */
    private Matrix outProjection(String attention) {
        String name = attention + "wo.weight";
        StridedWeights out = weights.get(name, shape.width(), shape.width())
                .weights()
                .split(1, shape.heads())
                .padded(2, shape.paddedHeadSize())
                .permuted(1, 2, 0);
        long rows = (long) shape.heads() * shape.paddedHeadSize();
        return new Matrix(name, rows, shape.width(), out);
    }

    private String feedForward(String name, String in) {
        String gate = linear(name + "w1", in, shape.width(), shape.hidden());
        String up = linear(name + "w3", in, shape.width(), shape.hidden());
        String silu = graph.runtimeNode("QuickGelu", name + "silu", List.of(gate), Attribute.of("alpha", 1f));
        String product = graph.node("Mul", name + "gated", List.of(silu, up));
        return linear(name + "w2", product, shape.hidden(), shape.width());
    }

    private void logits(String normalised) {
        String flat = graph.node("Reshape", "flat", List.of(normalised, graph.wholes("flat.shape", -1, shape.width())));
        String wanted = graph.node("Gather", "wanted_states", List.of(flat, "last"), Attribute.of("axis", 0));
        StridedWeights head = weights.get("output.weight", shape.vocabulary(), shape.width())
                .weights()
                .permuted(1, 0);
        products.product("logits", wanted, new Matrix("output.weight", shape.width(), shape.vocabulary(), head));
        graph.output("logits", DataType.FLOAT, Dimension.named("wanted"), Dimension.of(shape.vocabulary()));
    }

    private String linear(String name, String in, int from, int to) {
        return Linear.add(products, weights, name, name + ".weight", in, from, to);
    }

    private String norm(String name) {
        return graph.table(
                name + ".weight",
                List.of((long) shape.width()),
                weights.get(name + ".weight", shape.width()).weights());
    }

    /** The sum of a branch and the residual, and that sum normalised for the next branch. */
    private Residual added(String node, String branch, String residual, String next) {
        var result = new Residual(node, next + ".out");
        graph.runtimeNode(
                "SkipSimplifiedLayerNormalization",
                node,
                List.of(branch, residual, norm(next)),
                List.of(result.normalised, "", "", result.sum),
                Attribute.of("epsilon", EPSILON));
        return result;
    }

    /**
     * What the checkpoint does not say.
     *
     * @param gridSide the square token grid's rows and columns
     * @param halfAttention whether attention, keys and values have 16 bits
     */
    public record Form(int gridSide, boolean halfAttention) {}

    private record Residual(String sum, String normalised) {}
}
