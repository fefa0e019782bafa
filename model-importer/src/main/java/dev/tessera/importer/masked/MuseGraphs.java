package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.Precision;
import java.util.List;

/**
 * Muse's transformers: layers of self-attention, attention to the condition and gated feed-forward, each behind a root
 * mean square normalisation, with a learned vector for each cell. The base one's condition is the text; the
 * super-resolution one's are the text and, behind it, the base grid, which has layers of self-attention of its own.
 * Contracts: {@link dev.tessera.inference.bundle.BundleFiles#MASKED_CONDITION},
 * {@link dev.tessera.inference.bundle.BundleFiles#MASKED_GENERATOR},
 * {@link dev.tessera.inference.bundle.BundleFiles#SUPERRES_CONDITION} and
 * {@link dev.tessera.inference.bundle.BundleFiles#SUPERRES}. Source: Muse (arXiv 2301.00704), sections 2.3 and 2.5; the
 * layout is Tessera's own, since there is no official one.
 */
public final class MuseGraphs {
    /** What is worked out once for an image is worked out in full. */
    private static final Arithmetic ONCE = Arithmetic.of(Precision.FP32);

    private final MuseShape shape;
    private final OnnxModel graph;
    private final MuseLayers layers;

    private MuseGraphs(String name, MuseShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        this.shape = shape;
        this.graph = new OnnxModel(name, storage);
        this.layers = new MuseLayers(graph, weights, Products.of(graph, arithmetic), shape.width(), shape.heads());
    }

    /**
     * Keys and values of all attentions to the text.
     *
     * @param tokens length T of every text
     */
    public static OnnxModel condition(MuseShape shape, StateDict weights, int tokens, WeightStorage storage) {
        return new MuseGraphs("condition", shape, weights, storage, ONCE).condition(tokens);
    }

    public static OnnxModel generator(
            MuseShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        return new MuseGraphs("generator", shape, weights, storage, arithmetic).generator();
    }

    /**
     * Keys and values of all attentions to the text and the base grid.
     *
     * @param tokens length T of every text
     */
    public static OnnxModel superresCondition(
            SuperResolutionShape shape, StateDict weights, int tokens, WeightStorage storage) {
        return new MuseGraphs("superres-condition", shape.fine(), weights, storage, ONCE).condition(tokens, shape);
    }

    /** The finer grid's tokens: the same network as the base one's, with more keys and values to attend to. */
    public static OnnxModel superres(
            SuperResolutionShape shape, StateDict weights, WeightStorage storage, Arithmetic arithmetic) {
        return new MuseGraphs("superres", shape.fine(), weights, storage, arithmetic).generator();
    }

    private OnnxModel condition(int tokens) {
        layers.contexts(text(tokens), shape.layers(), tokens);
        return graph;
    }

    private OnnxModel condition(int tokens, SuperResolutionShape both) {
        String text = text(tokens);
        Dimension side = Dimension.of(both.baseSide());
        graph.input("base", DataType.INT64, Dimension.of(1), side, side);
        String base = layers.embedded("low.", "base", both.baseCodes(), both.baseCells());
        for (int layer = 0; layer < both.baseLayers(); layer++) {
            String name = "low.layers." + layer + ".";
            base = layers.fed(name, "norm2", layers.seen(name, base), both.baseHidden());
        }
        String even = both.baseLayers() > 0 ? layers.norm("low.norm", base) : base;
        String all = graph.node("Concat", "condition", List.of(text, even), Attribute.of("axis", 1));
        layers.contexts(all, shape.layers(), (long) tokens + both.baseCells());
        return graph;
    }

    private String text(int tokens) {
        graph.input("states", DataType.FLOAT, Dimension.of(1), Dimension.of(tokens), Dimension.of(shape.textWidth()));
        return layers.linear("text", "states", shape.textWidth(), shape.width());
    }

    private OnnxModel generator() {
        Dimension side = Dimension.of(shape.side());
        graph.input("tokens", DataType.INT64, Dimension.named("rows"), side, side);
        graph.input("cells", DataType.INT64, Dimension.named("cells"));
        String x = layers.embedded("embed.", "tokens", shape.vocabulary() + 1L, shape.cells());
        for (int layer = 0; layer < shape.layers(); layer++) {
            String name = "layers." + layer + ".";
            String seen = layers.seen(name, x);
            String told = layers.told(name, seen, context("key_" + layer), context("value_" + layer));
            x = layers.fed(name, "norm3", told, shape.hidden());
        }
        logits(x);
        return graph;
    }

    private String context(String name) {
        return graph.input(
                name, DataType.FLOAT, Dimension.named("rows"), Dimension.named("texts"), Dimension.of(shape.width()));
    }

    /** Only of the wanted cells. */
    private void logits(String in) {
        String all =
                graph.node("Reshape", "cells.all", List.of(in, graph.wholes("cells.all.shape", -1, shape.width())));
        String wanted = graph.node("Gather", "cells.wanted", List.of(all, "cells"), Attribute.of("axis", 0));
        String even = layers.norm("norm", wanted);
        graph.node("Identity", "logits", List.of(layers.linear("head", even, shape.width(), shape.vocabulary())));
        graph.output("logits", DataType.FLOAT, Dimension.named("cells"), Dimension.of(shape.vocabulary()));
    }
}
