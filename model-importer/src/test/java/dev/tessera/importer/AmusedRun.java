package dev.tessera.importer;

import static dev.tessera.importer.BundleGraphs.floats;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A masked bundle's graphs for some rows, each with a text of its own, as a generator service would drive them. */
final class AmusedRun implements AutoCloseable {
    private static final Dimension ONE = Dimension.fixed(1);
    private static final Dimension ROWS = Dimension.free("rows");
    private static final Dimension CELLS = Dimension.free("cells");

    private final ModelBundle bundle;
    private final TextConditioning text;
    private final MaskedTransformer network;
    private final int side;
    private final int codes;
    private final int finishedSide;
    private final int pixels;
    private final int encodedPixels;
    private final OnnxGraph textEncoder;
    private final OnnxGraph condition;
    private final OnnxGraph generator;
    private final OnnxGraph decoder;
    private final OnnxGraph encoder;

    AmusedRun(ModelBundle bundle) {
        this.bundle = bundle;
        var manifest = bundle.manifest();
        text = (TextConditioning) manifest.conditioning();
        network = (MaskedTransformer) manifest.generator();
        side = manifest.grid().rows();
        codes = manifest.codebook().size();
        finishedSide = manifest.finishedGrid().rows();
        pixels = manifest.image().width();
        encodedPixels = manifest.encodedImage().width();
        Dimension positions = Dimension.free("positions");
        textEncoder = open(BundleFiles.TEXT_ENCODER, List.of(Port.int64("ids", ONE, positions)), texts(positions));
        Dimension texts = Dimension.fixed(text.maxTokens());
        condition = open(BundleFiles.MASKED_CONDITION, texts(texts), kept(ONE, texts));
        List<Port> inputs = kept(ROWS, Dimension.free("texts"));
        inputs.add(Port.int64("tokens", ROWS, Dimension.fixed(side), Dimension.fixed(side)));
        inputs.add(Port.int64("cells", CELLS));
        generator = open(
                BundleFiles.MASKED_GENERATOR, inputs, List.of(Port.float32("logits", CELLS, Dimension.fixed(codes))));
        decoder = open(BundleFiles.IMAGE_DECODER, List.of(grid(finishedSide)), List.of(picture(pixels)));
        encoder = open(BundleFiles.IMAGE_ENCODER, List.of(picture(encodedPixels)), List.of(grid(side)));
    }

    private static Port grid(int side) {
        return Port.int64("tokens", ONE, Dimension.fixed(side), Dimension.fixed(side));
    }

    private static Port picture(int pixels) {
        return Port.float32("pixels", ONE, Dimension.fixed(3), Dimension.fixed(pixels), Dimension.fixed(pixels));
    }

    /** A text, with its pooled state where the model has one. */
    private List<Port> texts(Dimension positions) {
        Port states = Port.float32("states", ONE, positions, Dimension.fixed(text.width()));
        return text.pooledWidth() == 0
                ? List.of(states)
                : List.of(states, Port.float32("pooled", ONE, Dimension.fixed(text.pooledWidth())));
    }

    private List<Port> kept(Dimension rows, Dimension texts) {
        List<Port> ports = new ArrayList<>();
        for (int i = 0; i < network.contexts().size(); i++) {
            Dimension width = Dimension.fixed(network.contexts().get(i));
            ports.add(Port.float32("key_" + i, rows, texts, width));
            ports.add(Port.float32("value_" + i, rows, texts, width));
        }
        if (network.modulation() > 0) {
            ports.add(Port.float32("modulation", rows, Dimension.fixed(network.modulation())));
        }
        return ports;
    }

    private OnnxGraph open(String file, List<Port> inputs, List<Port> outputs) {
        return BundleGraphs.open(bundle, file, inputs, outputs);
    }

    /** A text's states [T, D] and its pooled state. */
    Text encode(long[] ids) {
        try (var scratch = new TensorMemory()) {
            Tensor in = scratch.int64(1, ids.length);
            in.longs().put(ids);
            Tensor states = scratch.float32(1, ids.length, text.width());
            Map<String, Tensor> outputs = new HashMap<>(Map.of("states", states));
            if (text.pooledWidth() > 0) {
                outputs.put("pooled", scratch.float32(1, text.pooledWidth()));
            }
            textEncoder.run(Map.of("ids", in), outputs);
            Tensor pooled = outputs.get("pooled");
            return new Text(floats(states), pooled == null ? new float[0] : floats(pooled));
        }
    }

    /** What the network keeps of a text, by the tensors' names. */
    Map<String, float[]> condition(Text of) {
        try (var scratch = new TensorMemory()) {
            Tensor states = scratch.float32(1, text.maxTokens(), text.width());
            states.floats().put(of.states());
            Map<String, Tensor> inputs = new HashMap<>(Map.of("states", states));
            if (text.pooledWidth() > 0) {
                Tensor pooled = scratch.float32(1, text.pooledWidth());
                pooled.floats().put(of.pooled());
                inputs.put("pooled", pooled);
            }
            Map<String, Tensor> made = kept(scratch, 1);
            condition.run(inputs, made);
            Map<String, float[]> values = new HashMap<>();
            made.forEach((name, tensor) -> values.put(name, floats(tensor)));
            return values;
        }
    }

    private Map<String, Tensor> kept(TensorMemory memory, int rows) {
        Map<String, Tensor> tensors = new HashMap<>();
        for (int i = 0; i < network.contexts().size(); i++) {
            for (String kind : List.of("key_", "value_")) {
                tensors.put(
                        kind + i,
                        memory.float32(
                                rows, text.maxTokens(), network.contexts().get(i)));
            }
        }
        if (network.modulation() > 0) {
            tensors.put("modulation", memory.float32(rows, network.modulation()));
        }
        return tensors;
    }

    /** Logits [rows, cells, codes] of all cells. */
    float[] logits(List<long[]> tokens, List<Map<String, float[]>> conditions) {
        int rows = tokens.size();
        int cells = side * side;
        try (var scratch = new TensorMemory()) {
            Map<String, Tensor> inputs = kept(scratch, rows);
            Tensor grid = scratch.int64(rows, side, side);
            for (int row = 0; row < rows; row++) {
                int own = row;
                grid.longs().put(row * cells, tokens.get(row));
                conditions
                        .get(row)
                        .forEach((name, values) -> inputs.get(name).floats().put(own * values.length, values));
            }
            Tensor wanted = scratch.int64((long) rows * cells);
            for (int i = 0; i < rows * cells; i++) {
                wanted.longs().put(i, i);
            }
            inputs.put("tokens", grid);
            inputs.put("cells", wanted);
            Tensor logits = scratch.float32((long) rows * cells, codes);
            generator.run(inputs, Map.of("logits", logits));
            return floats(logits);
        }
    }

    /** In −1 to 1. */
    float[] pixels(long[] tokens) {
        try (var scratch = new TensorMemory()) {
            Tensor grid = scratch.int64(1, finishedSide, finishedSide);
            grid.longs().put(tokens);
            Tensor picture = scratch.float32(1, 3, pixels, pixels);
            decoder.run(Map.of("tokens", grid), Map.of("pixels", picture));
            return floats(picture);
        }
    }

    /** @param picture in −1 to 1 */
    long[] tokens(float[] picture) {
        try (var scratch = new TensorMemory()) {
            Tensor in = scratch.float32(1, 3, encodedPixels, encodedPixels);
            in.floats().put(picture);
            Tensor grid = scratch.int64(1, side, side);
            encoder.run(Map.of("pixels", in), Map.of("tokens", grid));
            long[] tokens = new long[side * side];
            grid.longs().get(tokens);
            return tokens;
        }
    }

    @Override
    public void close() {
        List.of(textEncoder, condition, generator, decoder, encoder).forEach(OnnxGraph::close);
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Text(float[] states, float[] pooled) {}
}
