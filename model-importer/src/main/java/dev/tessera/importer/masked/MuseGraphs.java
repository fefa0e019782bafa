package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * Muse's base transformer: layers of self-attention, attention to the text and gated feed-forward, each behind a root
 * mean square normalisation, with a learned vector for each cell. Contracts:
 * {@link dev.tessera.inference.bundle.BundleFiles#MASKED_CONDITION} and
 * {@link dev.tessera.inference.bundle.BundleFiles#MASKED_GENERATOR}. Source: Muse (arXiv 2301.00704), section 2.3; the
 * layout is Tessera's own, since there is no official one.
 */
public final class MuseGraphs {
    private final MuseShape shape;
    private final OnnxModel graph;
    private final Layers layers;

    private MuseGraphs(String name, MuseShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.graph = new OnnxModel(name, storage);
        this.layers = new Layers(graph, weights);
    }

    /**
     * Keys and values of all attentions to the text.
     *
     * @param tokens length T of every text
     */
    public static OnnxModel condition(MuseShape shape, StateDict weights, int tokens, WeightStorage storage) {
        return new MuseGraphs("condition", shape, weights, storage).condition(tokens);
    }

    public static OnnxModel generator(MuseShape shape, StateDict weights, WeightStorage storage) {
        return new MuseGraphs("generator", shape, weights, storage).generator();
    }

    private OnnxModel condition(int tokens) {
        Dimension one = Dimension.of(1);
        graph.input("states", DataType.FLOAT, one, Dimension.of(tokens), Dimension.of(shape.textWidth()));
        String text = layers.linear("text", "states", shape.textWidth(), shape.width());
        for (int layer = 0; layer < shape.layers(); layer++) {
            String name = "layers." + layer + ".cross.";
            output("key_" + layer, square(name + "to_k", text), tokens);
            output("value_" + layer, square(name + "to_v", text), tokens);
        }
        return graph;
    }

    private void output(String name, String value, int tokens) {
        graph.node("Identity", name, List.of(value));
        graph.output(name, DataType.FLOAT, Dimension.of(1), Dimension.of(tokens), Dimension.of(shape.width()));
    }

    private OnnxModel generator() {
        Dimension side = Dimension.of(shape.side());
        graph.input("tokens", DataType.INT64, Dimension.named("rows"), side, side);
        graph.input("cells", DataType.INT64, Dimension.named("cells"));
        String x = embeddings();
        for (int layer = 0; layer < shape.layers(); layer++) {
            x = layer(layer, x);
        }
        logits(x);
        return graph;
    }

    /** [B, S, C] */
    private String embeddings() {
        String flat = graph.node("Reshape", "tokens.flat", List.of("tokens", graph.wholes("tokens.shape", 0, -1)));
        String table = matrix(MuseShape.TOKENS, shape.vocabulary() + 1L);
        String words = graph.node("Gather", "words", List.of(table, flat), Attribute.of("axis", 0));
        return graph.node("Add", "placed", List.of(words, matrix(MuseShape.MARKER, shape.cells())));
    }

    private String matrix(String name, long rows) {
        return graph.weights(
                name,
                List.of(rows, (long) shape.width()),
                layers.weights().get(name, rows, shape.width()).weights());
    }

    private String layer(int layer, String in) {
        String name = "layers." + layer + ".";
        String own = layers.rms(name + "norm1", in, shape.width());
        String key = square(name + "self.to_k", own);
        String value = square(name + "self.to_v", own);
        String seen = added(name + "seen", in, attention(name + "self.", own, key, value));
        String asking = layers.rms(name + "norm2", seen, shape.width());
        String told = added(
                name + "told",
                seen,
                attention(name + "cross.", asking, context("key_" + layer), context("value_" + layer)));
        String last = layers.rms(name + "norm3", told, shape.width());
        return added(name + "fed", told, feedForward(name + "ff.", last));
    }

    private String context(String name) {
        return graph.input(
                name, DataType.FLOAT, Dimension.named("rows"), Dimension.named("texts"), Dimension.of(shape.width()));
    }

    private String attention(String name, String in, String key, String value) {
        String attended = graph.runtimeNode(
                "MultiHeadAttention",
                name + "attend",
                List.of(square(name + "to_q", in), key, value),
                Attribute.of("num_heads", shape.heads()));
        return square(name + "to_out", attended);
    }

    private String feedForward(String name, String in) {
        String gate = layers.linear(name + "gate", in, shape.width(), shape.hidden());
        String gelu = graph.node("Gelu", name + "gelu", List.of(gate));
        String up = layers.linear(name + "up", in, shape.width(), shape.hidden());
        String product = graph.node("Mul", name + "gated", List.of(up, gelu));
        return layers.linear(name + "down", product, shape.hidden(), shape.width());
    }

    private String square(String name, String in) {
        return layers.linear(name, in, shape.width(), shape.width());
    }

    private String added(String node, String residual, String branch) {
        return graph.node("Add", node, List.of(residual, branch));
    }

    /** Only of the wanted cells. */
    private void logits(String in) {
        String all =
                graph.node("Reshape", "cells.all", List.of(in, graph.wholes("cells.all.shape", -1, shape.width())));
        String wanted = graph.node("Gather", "cells.wanted", List.of(all, "cells"), Attribute.of("axis", 0));
        String even = layers.rms("norm", wanted, shape.width());
        graph.node("Identity", "logits", List.of(layers.linear("head", even, shape.width(), shape.vocabulary())));
        graph.output("logits", DataType.FLOAT, Dimension.named("cells"), Dimension.of(shape.vocabulary()));
    }
}
