package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.Products;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.masked.MaskedShape.Modulation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * aMUSEd's transformer over a masked grid: a convolutional stage, layers of self-attention, cross-attention and gated
 * feed-forward, another convolutional stage. There is no position embedding; the depth-wise convolutions tell places
 * apart. What the text does to it comes in. Contract: {@link dev.tessera.inference.bundle.BundleFiles#MASKED_GENERATOR}.
 * Source: aMUSEd, {@code uvit_2d.py}.
 *
 * <p>Cells are rows of channels, [B, S, C], but in the convolutions.
 */
public final class MaskedGeneratorGraph {
    private final MaskedShape shape;
    private final int side;
    private final OnnxModel graph;
    private final Layers layers;
    private final Stage stage;
    private int attentions;

    private MaskedGeneratorGraph(
            MaskedShape shape, StateDict weights, int side, WeightStorage storage, Arithmetic arithmetic) {
        this.shape = shape;
        this.side = side;
        this.graph = new OnnxModel("generator", storage);
        this.layers = new Layers(graph, weights, Products.of(graph, arithmetic));
        this.stage = new Stage(layers, shape.channels(), shape.halved() ? side / 2 : side);
    }

    /** @param side of the grid in tokens */
    public static OnnxModel of(
            MaskedShape shape, StateDict weights, int side, WeightStorage storage, Arithmetic arithmetic) {
        return new MaskedGeneratorGraph(shape, weights, side, storage, arithmetic).build();
    }

    private OnnxModel build() {
        Dimension rows = Dimension.named("rows");
        graph.input("tokens", DataType.INT64, rows, Dimension.of(side), Dimension.of(side));
        graph.input("modulation", DataType.FLOAT, rows, Dimension.of(shape.modulation()));
        graph.input("cells", DataType.INT64, Dimension.named("cells"));
        modulations();
        String x = embeddings();
        x = blocks("down_block.", shape.halved() ? stage.downsampled("down_block.downsample.", x, side) : x);
        String hidden = layers.rms("project_to_hidden_norm", x, shape.channels());
        String y = layers.linear("project_to_hidden", hidden, shape.channels(), shape.width());
        for (int layer = 0; layer < shape.layers(); layer++) {
            y = layer("transformer_layers." + layer + ".", y);
        }
        String out = layers.rms("project_from_hidden_norm", y, shape.width());
        x = blocks("up_block.", layers.linear("project_from_hidden", out, shape.width(), shape.channels()));
        logits(shape.halved() ? stage.upsampled("up_block.upsample.", x, side) : x);
        return graph;
    }

    /** Cuts the row's modulation into a factor and an addend, [B, 1, width], for each normalisation. */
    private void modulations() {
        String rows = graph.node("Unsqueeze", "modulation.rows", List.of("modulation", graph.wholes("row_axis", 1)));
        List<Modulation> all = shape.modulations();
        List<String> parts = new ArrayList<>();
        all.forEach(part -> parts.addAll(List.of(part.name() + ".factor", part.name() + ".addend")));
        long[] widths = all.stream()
                .flatMapToLong(part -> LongStream.of(part.width(), part.width()))
                .toArray();
        graph.node(
                "Split",
                "modulation.parts",
                List.of(rows, graph.wholes("modulation.widths", widths)),
                parts,
                Attribute.of("axis", 2));
    }

    private String modulated(String modulation, String in) {
        String scaled = graph.node("Mul", modulation + ".scaled", List.of(in, modulation + ".factor"));
        return graph.node("Add", modulation + ".shifted", List.of(scaled, modulation + ".addend"));
    }

    /** [B, side², C] */
    private String embeddings() {
        long width = shape.embedding();
        String table = graph.weights(
                MaskedShape.MARKER,
                List.of((long) shape.words(), width),
                layers.weights().get(MaskedShape.MARKER, shape.words(), width).weights());
        String flat = graph.node("Reshape", "tokens.flat", List.of("tokens", graph.wholes("tokens.shape", 0, -1)));
        String words = graph.node("Gather", "words", List.of(table, flat), Attribute.of("axis", 0));
        return layers.pointwise("embed.conv", layers.rms("embed.layer_norm", words, width), width, shape.channels());
    }

    private String blocks(String name, String in) {
        String x = in;
        for (int block = 0; block < shape.blocks(); block++) {
            String convolution = name + "res_blocks." + block + ".";
            x = modulated(convolution + "cond_embeds_mapper", stage.convolved(convolution, x));
            x = textBlock(name + "attention_blocks." + block + ".", x);
        }
        return x;
    }

    /** Both attentions look at the text. */
    private String textBlock(String name, String in) {
        int width = shape.channels();
        String first = layers.rms(name + "norm1", in, width);
        String middle = added(name + "first", in, toText(name + "attn1.", first, width, shape.stageHeads()));
        String second = layers.rms(name + "norm2", middle, width);
        return added(name + "second", middle, toText(name + "attn2.", second, width, shape.stageHeads()));
    }

    private String layer(String name, String in) {
        int width = shape.width();
        String own = modulated(name + "norm1.linear", layers.rms(name + "norm1.norm", in, width));
        String seen = added(name + "seen", in, toItself(name + "attn1.", own));
        String asking = modulated(name + "norm2.linear", layers.rms(name + "norm2.norm", seen, width));
        String told = added(name + "told", seen, toText(name + "attn2.", asking, width, shape.heads()));
        String even = layers.layerNorm(name + "norm3.norm", told, width, Layers.EPSILON);
        return added(name + "fed", told, feedForward(name + "ff.net.", modulated(name + "norm3.linear", even)));
    }

    private String toItself(String name, String in) {
        int width = shape.width();
        String key = layers.linear(name + "to_k", in, width, width);
        String value = layers.linear(name + "to_v", in, width, width);
        return attention(name, in, key, value, width, shape.heads());
    }

    /** Attention to the next of the keys and values that the caller keeps. */
    private String toText(String name, String in, int width, int heads) {
        Dimension rows = Dimension.named("rows");
        Dimension texts = Dimension.named("texts");
        int index = attentions++;
        String key = graph.input("key_" + index, DataType.FLOAT, rows, texts, Dimension.of(width));
        String value = graph.input("value_" + index, DataType.FLOAT, rows, texts, Dimension.of(width));
        return attention(name, in, key, value, width, heads);
    }

    private String attention(String name, String in, String key, String value, int width, int heads) {
        String query = layers.linear(name + "to_q", in, width, width);
        String attended = graph.runtimeNode(
                "MultiHeadAttention", name + "attend", List.of(query, key, value), Attribute.of("num_heads", heads));
        return layers.linear(name + "to_out.0", attended, width, width);
    }

    /** The first half of the projection, weighed by the GELU of the second. */
    private String feedForward(String name, String in) {
        String up = layers.half(name + "up", name + "0.proj", Layers.FIRST_HALF, in, shape.width(), shape.hidden());
        String gate =
                layers.half(name + "gate", name + "0.proj", Layers.SECOND_HALF, in, shape.width(), shape.hidden());
        String gelu = graph.node("Gelu", name + "gelu", List.of(gate));
        String product = graph.node("Mul", name + "gated", List.of(up, gelu));
        return layers.linear(name + "2", product, shape.hidden(), shape.width());
    }

    private String added(String node, String residual, String branch) {
        return graph.node("Add", node, List.of(residual, branch));
    }

    /** Only of the wanted cells. */
    private void logits(String in) {
        String all =
                graph.node("Reshape", "cells.all", List.of(in, graph.wholes("cells.all.shape", -1, shape.channels())));
        String wanted = graph.node("Gather", "cells.wanted", List.of(all, "cells"), Attribute.of("axis", 0));
        long width = shape.embedding();
        String narrow = layers.pointwise("mlm_layer.conv1", wanted, shape.channels(), width);
        String even = layers.rms("mlm_layer.layer_norm", narrow, width);
        graph.node("Identity", "logits", List.of(layers.pointwise("mlm_layer.conv2", even, width, shape.vocabulary())));
        graph.output("logits", DataType.FLOAT, Dimension.named("cells"), Dimension.of(shape.vocabulary()));
    }
}
