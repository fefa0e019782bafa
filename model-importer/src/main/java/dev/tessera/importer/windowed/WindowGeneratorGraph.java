package dev.tessera.importer.windowed;

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
 * The GPT of a window over a key/value buffer that the caller owns: one graph for whole windows, parts of them and single
 * tokens. Contract: {@link dev.tessera.inference.bundle.BundleFiles#GENERATOR}.
 *
 * <p>Block: h = x + attention(norm(x)); h + w2 gelu(w1 norm(h)), all with bias; positions are learned and added to the
 * embeddings. The last block goes on with those positions alone whose logits are wanted. Source: taming-transformers,
 * {@code taming/modules/transformer/mingpt.py}.
 */
public final class WindowGeneratorGraph {
    private static final float EPSILON = 1e-5f;

    private final WindowShape shape;
    private final StateDict weights;
    private final OnnxModel graph;
    private final Products products;
    private final LayerNorms norms;

    private WindowGeneratorGraph(WindowShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        this.shape = shape;
        this.weights = weights;
        this.graph = new OnnxModel("generator", storage);
        this.products = Products.of(graph, arithmetic);
        this.norms = new LayerNorms(graph);
    }

    /** @param weights of the transformer */
    public static OnnxModel of(WindowShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        return new WindowGeneratorGraph(shape, weights, storage, arithmetic).build();
    }

    private OnnxModel build() {
        Dimension rows = Dimension.named("rows");
        Dimension positions = Dimension.named("positions");
        graph.input("embeddings", DataType.FLOAT, rows, positions, Dimension.of(shape.width()));
        graph.input("seqlens_k", DataType.INT32, rows);
        graph.input("total_length", DataType.INT32, Dimension.of(1));
        graph.input("position_ids", DataType.INT64, rows, positions);
        graph.input("last", DataType.INT64, Dimension.named("wanted"));
        String states = placed();
        for (int i = 0; i < shape.layers(); i++) {
            states = layer(i, states);
        }
        logits(states);
        return graph;
    }

    private String placed() {
        String table = graph.table(
                WindowShape.POSITIONS,
                List.of((long) shape.positions(), (long) shape.width()),
                weights.get(WindowShape.POSITIONS, 1, shape.positions(), shape.width())
                        .weights());
        String places = graph.node("Gather", "places", List.of(table, "position_ids"), Attribute.of("axis", 0));
        return graph.node("Add", "placed", List.of("embeddings", places));
    }

    private String layer(int index, String in) {
        String block = "blocks." + index + ".";
        boolean last = index == shape.layers() - 1;
        String attended = attended(index, normalised(block + "ln1", in));
        String straight = last ? wanted(block + "straight", in) : in;
        String projected = projected(block + "attn.proj", last ? wanted(block + "attended", attended) : attended);
        String middle = graph.node("Add", block + "middle", List.of(straight, projected));
        return graph.node("Add", block + "out", List.of(middle, fed(block, normalised(block + "ln2", middle))));
    }

    private String attended(int index, String in) {
        String name = "blocks." + index + ".attn.";
        cacheInputs(index);
        List<String> inputs = List.of(
                intoHeads(name + "query", in),
                intoHeads(name + "key", in),
                intoHeads(name + "value", in),
                "past_key_" + index,
                "past_value_" + index,
                "seqlens_k",
                "total_length");
        List<String> outputs = List.of(name + "attend", "present_key_" + index, "present_value_" + index);
        graph.runtimeNode(
                "GroupQueryAttention",
                name + "attend",
                inputs,
                outputs,
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("kv_num_heads", shape.heads()),
                Attribute.of("scale", (float) (1 / Math.sqrt(shape.headSize()))));
        return outputs.getFirst();
    }

    private void cacheInputs(int index) {
        Dimension[] cache = {
            Dimension.named("rows"),
            Dimension.of(shape.heads()),
            Dimension.named("slots"),
            Dimension.of(shape.paddedHeadSize())
        };
        graph.input("past_key_" + index, DataType.FLOAT, cache);
        graph.input("past_value_" + index, DataType.FLOAT, cache);
        graph.output("present_key_" + index, DataType.FLOAT, cache);
        graph.output("present_value_" + index, DataType.FLOAT, cache);
    }

    /** One of queries, keys and values, each head lengthened with zeros: [.., heads · padded]. */
    private String intoHeads(String name, String in) {
        long columns = inner();
        StridedWeights weight = weights.get(name + ".weight", shape.width(), shape.width())
                .weights()
                .split(0, shape.heads())
                .padded(1, shape.paddedHeadSize())
                .permuted(2, 0, 1);
        StridedWeights bias = weights.get(name + ".bias", shape.width())
                .weights()
                .split(0, shape.heads())
                .padded(1, shape.paddedHeadSize());
        String product =
                products.product(name + ".product", in, new Matrix(name + ".weight", shape.width(), columns, weight));
        return graph.node("Add", name, List.of(product, graph.table(name + ".bias", List.of(columns), bias)));
    }

    /** The columns of the checkpoint, which the heads' outputs meet, as rows: [heads · padded, d]. */
    private String projected(String name, String in) {
        StridedWeights weight = weights.get(name + ".weight", shape.width(), shape.width())
                .weights()
                .split(1, shape.heads())
                .padded(2, shape.paddedHeadSize())
                .permuted(1, 2, 0);
        return biased(name, in, new Matrix(name + ".weight", inner(), shape.width(), weight));
    }

    private long inner() {
        return (long) shape.heads() * shape.paddedHeadSize();
    }

    private String fed(String block, String in) {
        String hidden = linear(block + "mlp.0", in, shape.width(), shape.hidden());
        String gelu = graph.node("Gelu", block + "mlp.1", List.of(hidden));
        return linear(block + "mlp.2", gelu, shape.hidden(), shape.width());
    }

    private String linear(String name, String in, long from, long to) {
        StridedWeights transposed =
                weights.get(name + ".weight", to, from).weights().permuted(1, 0);
        return biased(name, in, new Matrix(name + ".weight", from, to, transposed));
    }

    private String biased(String name, String in, Matrix matrix) {
        String product = products.product(name + ".product", in, matrix);
        long width = matrix.columns();
        String bias = graph.table(
                name + ".bias",
                List.of(width),
                weights.get(name + ".bias", width).weights());
        return graph.node("Add", name, List.of(product, bias));
    }

    private String normalised(String name, String in) {
        return norms.normalised(name, in, vector(name + ".weight"), vector(name + ".bias"), EPSILON);
    }

    private String vector(String name) {
        return graph.table(
                name,
                List.of((long) shape.width()),
                weights.get(name, shape.width()).weights());
    }

    /** The rows at {@code last} of all rows of the batch, [wanted, ..]. */
    private String wanted(String name, String in) {
        String flat = graph.node("Flatten", name + ".flat", List.of(in), Attribute.of("axis", 2));
        return graph.node("Gather", name, List.of(flat, "last"), Attribute.of("axis", 0));
    }

    private void logits(String states) {
        StridedWeights head = weights.get("head.weight", shape.vocabulary(), shape.width())
                .weights()
                .permuted(1, 0);
        var matrix = new Matrix("head.weight", shape.width(), shape.vocabulary(), head);
        products.product("logits", normalised("ln_f", states), matrix);
        graph.output("logits", DataType.FLOAT, Dimension.named("wanted"), Dimension.of(shape.vocabulary()));
    }
}
