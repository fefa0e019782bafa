package dev.tessera.importer;

import static dev.tessera.importer.BundleGraphs.floats;
import static dev.tessera.importer.BundleGraphs.open;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A next-scale bundle's graphs for some rows that are at one scale, as a generator service would drive them. */
final class VarRun implements AutoCloseable {
    private static final Dimension ONE = Dimension.fixed(1);
    private static final Dimension ROWS = Dimension.free("rows");
    private static final Dimension POSITIONS = Dimension.free("positions");

    private final NextScaleTransformer network;
    private final int codes;
    private final int dimensions;
    private final int side;
    private final OnnxGraph condition;
    private final OnnxGraph codebook;
    private final OnnxGraph residual;
    private final OnnxGraph scaleInput;
    private final OnnxGraph generator;
    private final OnnxGraph decoder;
    private final TensorMemory memory = new TensorMemory();
    private final Map<String, Tensor> cache = new HashMap<>();
    private final int slots;

    VarRun(ModelBundle bundle, int rows) {
        var manifest = bundle.manifest();
        network = (NextScaleTransformer) manifest.generator();
        codes = manifest.codebook().size();
        dimensions = manifest.codebook().dimensions();
        side = manifest.grid().rows();
        slots = network.firstToken(network.scales().size() - 1);
        Dimension width = Dimension.fixed(network.width());
        Dimension modulations = Dimension.fixed(6 * network.layers() + 2);
        Port latent = latent("latent");
        condition = open(
                bundle,
                BundleFiles.CONDITION,
                List.of(Port.int64("class", ONE)),
                List.of(
                        Port.float32("modulation", ONE, modulations, width),
                        Port.float32("embedding", ONE, ONE, width)));
        codebook = open(bundle, BundleFiles.CODES, List.of(Port.int64("tokens", ONE, POSITIONS)), List.of(vectors()));
        residual = open(
                bundle,
                BundleFiles.RESIDUAL,
                List.of(vectors(), latent, Port.int64("scale", ONE)),
                List.of(latent("refined")));
        scaleInput = open(
                bundle,
                BundleFiles.SCALE_INPUT,
                List.of(latent, Port.int64("scale", ONE)),
                List.of(Port.float32("embeddings", ONE, POSITIONS, width)));
        int pixels = manifest.image().width();
        decoder = open(
                bundle,
                BundleFiles.IMAGE_DECODER,
                List.of(latent),
                List.of(Port.float32(
                        "pixels", ONE, Dimension.fixed(3), Dimension.fixed(pixels), Dimension.fixed(pixels))));
        List<Port> inputs = new ArrayList<>(List.of(
                Port.float32("embeddings", ROWS, POSITIONS, width),
                Port.float32("modulation", ROWS, modulations, width),
                Port.int64("past", ONE)));
        List<Port> outputs = new ArrayList<>(List.of(Port.float32("logits", ROWS, POSITIONS, Dimension.fixed(codes))));
        for (int layer = 0; layer < network.layers(); layer++) {
            for (String kind : List.of("key_", "value_")) {
                inputs.add(Port.float32("past_" + kind + layer, ROWS, Dimension.free("slots"), width));
                outputs.add(Port.float32(kind + layer, ROWS, POSITIONS, width));
                cache.put(kind + layer, memory.float32(rows, slots, network.width()));
            }
        }
        generator = open(bundle, BundleFiles.SCALE_GENERATOR, inputs, outputs);
    }

    private Port latent(String name) {
        return Port.float32(name, ONE, Dimension.fixed(dimensions), Dimension.fixed(side), Dimension.fixed(side));
    }

    private Port vectors() {
        return Port.float32("vectors", ONE, POSITIONS, Dimension.fixed(dimensions));
    }

    float[] latent() {
        return new float[dimensions * side * side];
    }

    /** What a class is turned into. */
    Conditioned condition(int label) {
        try (var scratch = new TensorMemory()) {
            Tensor in = scratch.int64(1);
            in.longs().put(0, label);
            Tensor modulation = scratch.float32(1, 6L * network.layers() + 2, network.width());
            Tensor embedding = scratch.float32(1, 1, network.width());
            condition.run(Map.of("class", in), Map.of("modulation", modulation, "embedding", embedding));
            return new Conditioned(floats(modulation), floats(embedding));
        }
    }

    /** The latent with one scale's tokens in it. */
    float[] refined(float[] latent, int[] tokens, int scale) {
        try (var scratch = new TensorMemory()) {
            Tensor ids = scratch.int64(1, tokens.length);
            for (int i = 0; i < tokens.length; i++) {
                ids.longs().put(i, tokens[i]);
            }
            Tensor vectors = scratch.float32(1, tokens.length, dimensions);
            codebook.run(Map.of("tokens", ids), Map.of("vectors", vectors));
            Tensor refined = scratch.float32(1, dimensions, side, side);
            residual.run(
                    Map.of("vectors", vectors, "latent", latent(scratch, latent), "scale", number(scratch, scale)),
                    Map.of("refined", refined));
            return floats(refined);
        }
    }

    /** [p · p, width] */
    float[] embeddings(float[] latent, int scale) {
        int own = network.scales().get(scale);
        try (var scratch = new TensorMemory()) {
            Tensor embeddings = scratch.float32(1, (long) own * own, network.width());
            scaleInput.run(
                    Map.of("latent", latent(scratch, latent), "scale", number(scratch, scale)),
                    Map.of("embeddings", embeddings));
            return floats(embeddings);
        }
    }

    /** Runs all rows at one scale; returns logits [rows, p · p, codes] and keeps keys and values but for the last's. */
    float[] run(int scale, List<float[]> embeddings, List<Conditioned> conditions) {
        int rows = embeddings.size();
        int tokens = network.scales().get(scale) * network.scales().get(scale);
        int past = network.firstToken(scale);
        try (var scratch = new TensorMemory()) {
            Tensor in = scratch.float32(rows, tokens, network.width());
            Tensor modulation = scratch.float32(rows, 6L * network.layers() + 2, network.width());
            for (int row = 0; row < rows; row++) {
                in.floats().put(row * tokens * network.width(), embeddings.get(row));
                float[] own = conditions.get(row).modulation();
                modulation.floats().put(row * own.length, own);
            }
            Map<String, Tensor> inputs = new HashMap<>(Map.of("embeddings", in, "modulation", modulation));
            Map<String, Tensor> outputs = new HashMap<>();
            inputs.put("past", number(scratch, past));
            cache.forEach((name, buffer) -> {
                inputs.put("past_" + name, scratch.rows(buffer, 0, rows));
                outputs.put(name, scratch.float32(rows, tokens, network.width()));
            });
            Tensor logits = scratch.float32(rows, tokens, codes);
            outputs.put("logits", logits);
            generator.run(inputs, outputs);
            if (past + tokens <= slots) {
                cache.forEach((name, buffer) -> keep(outputs.get(name), buffer, past, tokens));
            }
            return floats(logits);
        }
    }

    private void keep(Tensor own, Tensor buffer, int past, int tokens) {
        long rows = own.shape()[0];
        for (int row = 0; row < rows; row++) {
            buffer.floats()
                    .put(
                            (row * slots + past) * network.width(),
                            own.floats(),
                            row * tokens * network.width(),
                            tokens * network.width());
        }
    }

    float[] pixels(float[] latent, int size) {
        try (var scratch = new TensorMemory()) {
            Tensor pixels = scratch.float32(1, 3, size, size);
            decoder.run(Map.of("latent", latent(scratch, latent)), Map.of("pixels", pixels));
            return floats(pixels);
        }
    }

    private Tensor latent(TensorMemory scratch, float[] values) {
        Tensor latent = scratch.float32(1, dimensions, side, side);
        latent.floats().put(values);
        return latent;
    }

    private static Tensor number(TensorMemory scratch, int value) {
        Tensor number = scratch.int64(1);
        number.longs().put(0, value);
        return number;
    }

    @Override
    public void close() {
        List.of(condition, codebook, residual, scaleInput, generator, decoder).forEach(OnnxGraph::close);
        memory.close();
    }

    /**
     * @param modulation [6 · layers + 2, width]
     * @param embedding [width], of the first scale
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Conditioned(float[] modulation, float[] embedding) {}
}
