package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import java.util.List;

/** The layers of which Muse's graphs are built, all of one width C; a value has its layer's name. */
final class MuseLayers {
    private final OnnxModel graph;
    private final Layers layers;
    private final int width;
    private final int heads;

    MuseLayers(OnnxModel graph, StateDict weights, Products products, int width, int heads) {
        this.graph = graph;
        this.layers = new Layers(graph, weights, products);
        this.width = width;
        this.heads = heads;
    }

    /**
     * A vector for each token and one for each cell: [B, rows, columns] to [B, S, C].
     *
     * @param name what the tables' names begin with
     * @param tokens value with the tokens
     */
    String embedded(String name, String tokens, long codes, long cells) {
        String flat = graph.node("Reshape", name + "flat", List.of(tokens, graph.wholes(name + "flat.shape", 0, -1)));
        String table = matrix(name + "tokens.weight", codes);
        String words = graph.node("Gather", name + "words", List.of(table, flat), Attribute.of("axis", 0));
        return graph.node("Add", name + "placed", List.of(words, matrix(name + "positions.weight", cells)));
    }

    private String matrix(String name, long rows) {
        return graph.weights(
                name,
                List.of(rows, (long) width),
                layers.weights().get(name, rows, width).weights());
    }

    /** Keys and values of the cross-attentions of all layers, as the graph's outputs. */
    void contexts(String condition, int count, long positions) {
        for (int layer = 0; layer < count; layer++) {
            String name = "layers." + layer + ".cross.";
            output("key_" + layer, square(name + "to_k", condition), positions);
            output("value_" + layer, square(name + "to_v", condition), positions);
        }
    }

    private void output(String name, String value, long positions) {
        graph.node("Identity", name, List.of(value));
        graph.output(name, DataType.FLOAT, Dimension.of(1), Dimension.of(positions), Dimension.of(width));
    }

    /** x + self-attention(norm1(x)) */
    String seen(String name, String in) {
        String own = norm(name + "norm1", in);
        String key = square(name + "self.to_k", own);
        String value = square(name + "self.to_v", own);
        return added(name + "seen", in, attention(name + "self.", own, key, value));
    }

    /** x + cross-attention(norm2(x)) */
    String told(String name, String in, String key, String value) {
        String asking = norm(name + "norm2", in);
        return added(name + "told", in, attention(name + "cross.", asking, key, value));
    }

    /**
     * x + down(up(y) · gelu(gate(y))) for y = norm(x).
     *
     * @param norm which of the layer's
     */
    String fed(String name, String norm, String in, long hidden) {
        String last = norm(name + norm, in);
        String gate = layers.linear(name + "ff.gate", last, width, hidden);
        String gelu = graph.node("Gelu", name + "ff.gelu", List.of(gate));
        String up = layers.linear(name + "ff.up", last, width, hidden);
        String product = graph.node("Mul", name + "ff.gated", List.of(up, gelu));
        return added(name + "fed", in, layers.linear(name + "ff.down", product, hidden, width));
    }

    private String attention(String name, String in, String key, String value) {
        String attended = graph.runtimeNode(
                "MultiHeadAttention",
                name + "attend",
                List.of(square(name + "to_q", in), key, value),
                Attribute.of("num_heads", heads));
        return square(name + "to_out", attended);
    }

    private String square(String name, String in) {
        return linear(name, in, width, width);
    }

    private String added(String node, String residual, String branch) {
        return graph.node("Add", node, List.of(residual, branch));
    }

    String linear(String name, String in, long from, long to) {
        return layers.linear(name, in, from, to);
    }

    String norm(String name, String in) {
        return layers.rms(name, in, width);
    }
}
