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
import dev.tessera.importer.windowed.RunParts.Apart;
import java.util.List;

/**
 * The GPT of a window: one graph that goes on with sequences, whose keys and values lie in a buffer that the caller owns,
 * and reads whole windows that nothing remembers. Contract: {@link
 * dev.tessera.inference.bundle.BundleFiles#WINDOW_GENERATOR}.
 *
 * <p>Their tokens, [N, C], those of the sequences first, go through all products together, so that a single token costs
 * no reading of the weights of its own; only attention takes them apart.
 *
 * <p>Block: h = x + attention(norm(x)); h + w2 gelu(w1 norm(h)), all with bias; positions are learned and added to the
 * embeddings. The last block goes on with those positions alone whose logits are wanted. Source: taming-transformers,
 * {@code taming/modules/transformer/mingpt.py}.
 */
public final class WindowGeneratorGraph {
    private static final float EPSILON = 1e-5f;
    private static final Dimension ROWS = Dimension.named("rows");

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
        Dimension width = Dimension.of(shape.width());
        graph.input("embeddings", DataType.FLOAT, ROWS, Dimension.named("positions"), width);
        graph.input("seqlens_k", DataType.INT32, ROWS);
        graph.input("total_length", DataType.INT32, Dimension.of(1));
        graph.input("position_ids", DataType.INT64, ROWS, Dimension.named("positions"));
        graph.input("windows", DataType.FLOAT, Dimension.named("windows"), Dimension.named("length"), width);
        graph.input("last", DataType.INT64, Dimension.named("wanted"));
        var parts = new RunParts(graph);
        String states = placed(parts);
        for (int i = 0; i < shape.layers(); i++) {
            states = layer(i, states, parts);
        }
        logits(states);
        return graph;
    }

    /** Embeddings and positions of all tokens, [N, C]. */
    private String placed(RunParts parts) {
        String table = graph.table(
                WindowShape.POSITIONS,
                List.of((long) shape.positions(), (long) shape.width()),
                weights.get(WindowShape.POSITIONS, 1, shape.positions(), shape.width())
                        .weights());
        String places = graph.node("Gather", "places", List.of(table, "position_ids"), Attribute.of("axis", 0));
        String sequences = graph.node("Add", "sequences", List.of("embeddings", places));
        String beginning = graph.node("Slice", "beginning", List.of(table, parts.nought(), parts.length()));
        String windows = graph.node("Add", "windows.placed", List.of("windows", beginning));
        return parts.together("placed", new Apart(sequences, windows));
    }

    private String layer(int index, String in, RunParts parts) {
        String block = "blocks." + index + ".";
        boolean last = index == shape.layers() - 1;
        String attended = attended(index, normalised(block + "ln1", in), parts);
        String straight = last ? wanted(block + "straight", in) : in;
        String projected = projected(block + "attn.proj", last ? wanted(block + "attended", attended) : attended);
        String middle = graph.node("Add", block + "middle", List.of(straight, projected));
        return graph.node("Add", block + "out", List.of(middle, fed(block, normalised(block + "ln2", middle))));
    }

    private String attended(int index, String in, RunParts parts) {
        String name = "blocks." + index + ".attn.";
        Apart query = parts.apart(intoHeads(name + "query", in));
        Apart key = parts.apart(intoHeads(name + "key", in));
        Apart value = parts.apart(intoHeads(name + "value", in));
        String sequences = goneOn(index, name, query.sequences(), key.sequences(), value.sequences());
        String windows = read(name, query.windows(), key.windows(), value.windows());
        return parts.together(name + "attend", new Apart(sequences, windows));
    }

    private String goneOn(int index, String name, String query, String key, String value) {
        cacheInputs(index);
        List<String> inputs =
                List.of(query, key, value, "past_key_" + index, "past_value_" + index, "seqlens_k", "total_length");
        List<String> outputs = List.of(name + "sequences", "present_key_" + index, "present_value_" + index);
        graph.runtimeNode(
                "GroupQueryAttention",
                name + "sequences",
                inputs,
                outputs,
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("kv_num_heads", shape.heads()),
                Attribute.of("scale", scale()));
        return outputs.getFirst();
    }

    private String read(String name, String query, String key, String value) {
        return graph.runtimeNode(
                "MultiHeadAttention",
                name + "windows",
                List.of(query, key, value),
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("unidirectional", 1),
                Attribute.of("scale", scale()));
    }

    private float scale() {
        return (float) (1 / Math.sqrt(shape.headSize()));
    }

    private void cacheInputs(int index) {
        Dimension[] cache = {
            ROWS, Dimension.of(shape.heads()), Dimension.named("slots"), Dimension.of(shape.paddedHeadSize())
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

    /** The tokens at {@code last} of all, [wanted, ..]. */
    private String wanted(String name, String in) {
        return graph.node("Gather", name, List.of(in, "last"), Attribute.of("axis", 0));
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
