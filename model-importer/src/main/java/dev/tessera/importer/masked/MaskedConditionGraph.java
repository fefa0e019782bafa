package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.masked.MaskedShape.CrossAttention;
import dev.tessera.importer.masked.MaskedShape.Modulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that depends on the text alone: keys and values of all cross-attentions, factors and addends of all
 * adaptive normalisations. The reference works it out again at every step. Contract:
 * {@link dev.tessera.inference.bundle.BundleFiles#MASKED_CONDITION}. Source: aMUSEd, {@code uvit_2d.py}.
 */
public final class MaskedConditionGraph {
    private static final String MICRO = "micro";

    private final MaskedShape shape;
    private final OnnxModel graph;
    private final Layers layers;

    /** What a mapper of the text gives, by the mapper's name: two attentions share one. */
    private final Map<String, String> mapped = new HashMap<>();

    private MaskedConditionGraph(MaskedShape shape, StateDict weights, WeightStorage storage) {
        this.shape = shape;
        this.graph = new OnnxModel("condition", storage);
        this.layers = new Layers(graph, weights);
    }

    /**
     * @param tokens length T of every text
     * @param side of the picture in pixels
     */
    public static OnnxModel of(MaskedShape shape, StateDict weights, int tokens, int side, WeightStorage storage) {
        return new MaskedConditionGraph(shape, weights, storage).build(tokens, side);
    }

    private OnnxModel build(int tokens, int side) {
        Dimension one = Dimension.of(1);
        graph.input("states", DataType.FLOAT, one, Dimension.of(tokens), Dimension.of(shape.textWidth()));
        graph.input("pooled", DataType.FLOAT, one, Dimension.of(shape.pooledWidth()));
        keysAndValues(tokens);
        modulation(side);
        return graph;
    }

    private void keysAndValues(int tokens) {
        String projected = layers.linear("encoder_proj", "states", shape.textWidth(), shape.width());
        String text = layers.rms("encoder_proj_layer_norm", projected, shape.width());
        String activated = layers.silu("text.silu", text);
        List<CrossAttention> attentions = shape.attentions();
        for (int i = 0; i < attentions.size(); i++) {
            CrossAttention attention = attentions.get(i);
            String source = source(attention, text, activated);
            int from = source.equals(text) ? shape.width() : attention.width();
            output(
                    "key_" + i,
                    layers.linear(attention.name() + ".to_k", source, from, attention.width()),
                    attention,
                    tokens);
            output(
                    "value_" + i,
                    layers.linear(attention.name() + ".to_v", source, from, attention.width()),
                    attention,
                    tokens);
        }
    }

    /** The text itself where the attention has no mapper: then it is of its width. */
    private String source(CrossAttention attention, String text, String activated) {
        if (!layers.weights().has(attention.mapper() + ".weight")) {
            return text;
        }
        return mapped.computeIfAbsent(
                attention.mapper(), mapper -> layers.linear(mapper, activated, shape.width(), attention.width()));
    }

    private void output(String name, String value, CrossAttention attention, int tokens) {
        graph.node("Identity", name, List.of(value));
        graph.output(name, DataType.FLOAT, Dimension.of(1), Dimension.of(tokens), Dimension.of(attention.width()));
    }

    private void modulation(int side) {
        String micro = graph.table(MICRO, List.of(1L, (long) MaskedShape.MICRO), MicroCondition.of(side));
        String all = graph.node("Concat", "condition.in", List.of("pooled", micro), Attribute.of("axis", 1));
        long width = shape.width();
        String first = layers.linear("cond_embed.linear_1", all, shape.pooledWidth() + (long) MaskedShape.MICRO, width);
        String second = layers.linear("cond_embed.linear_2", layers.silu("condition.first.silu", first), width, width);
        String condition = layers.silu("condition.silu", second);
        List<String> parts = new ArrayList<>();
        for (Modulation part : shape.modulations()) {
            parts.add(layers.linear(part.name(), condition, width, 2L * part.width()));
        }
        String raw = graph.node("Concat", "modulation.raw", parts, Attribute.of("axis", 1));
        graph.node("Add", "modulation", List.of(raw, ones()));
        graph.output("modulation", DataType.FLOAT, Dimension.of(1), Dimension.of(shape.modulation()));
    }

    /** A normalisation is scaled by one plus its factor: the one is added here. */
    private String ones() {
        float[] values = new float[shape.modulation()];
        int first = 0;
        for (Modulation part : shape.modulations()) {
            Arrays.fill(values, first, first + part.width(), 1);
            first += 2 * part.width();
        }
        return graph.table("ones", List.of(1L, (long) values.length), new ComputedWeights("ones", values));
    }
}
