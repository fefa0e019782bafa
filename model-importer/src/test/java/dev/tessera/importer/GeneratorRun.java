package dev.tessera.importer;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.Generator;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The generator's graph over a key/value buffer of some rows and one for nobody, as a generator service would drive it. */
final class GeneratorRun implements AutoCloseable {
    private final NextTokenTransformer network;
    private final int codes;
    private final boolean readsWindows;
    private final OnnxGraph embedding;
    private final OnnxGraph generator;
    private final TensorMemory memory = new TensorMemory();
    private final Map<String, Tensor> cache = new HashMap<>();
    private final int[] lengths;

    GeneratorRun(ModelBundle bundle, int rows) {
        this.network = network(bundle.manifest().generator());
        this.codes = bundle.manifest().codebook().size();
        this.readsWindows = bundle.manifest().generator() instanceof WindowedTransformer;
        this.lengths = new int[rows];
        this.embedding = OnnxGraph.open(bundle.file(BundleFiles.EMBEDDING), embeddingSignature(), options());
        this.generator = OnnxGraph.open(bundle.file(BundleFiles.GENERATOR), generatorSignature(), options());
        long slots = network.prefixTokens() + (long) bundle.manifest().grid().tokens();
        for (int layer = 0; layer < network.layers(); layer++) {
            for (String kind : List.of("key_", "value_")) {
                cache.put(kind + layer, memory.float32(rows + 1, network.heads(), slots, network.headSize()));
            }
        }
    }

    /** A window is gone on with as a next-token image is. */
    private static NextTokenTransformer network(Generator generator) {
        return switch (generator) {
            case NextTokenTransformer network -> network;
            case WindowedTransformer(
                    int layers,
                    int heads,
                    int headSize,
                    int width,
                    int prefix,
                    int window,
                    int maxTokens) -> new NextTokenTransformer(layers, heads, headSize, width, prefix);
            case NextScaleTransformer _, MaskedTransformer _ ->
                throw new IllegalArgumentException("no tokens in a row");
        };
    }

    private static GraphOptions options() {
        return GraphOptions.defaults().withThreads(1);
    }

    private GraphSignature embeddingSignature() {
        Dimension rows = Dimension.free("rows");
        Dimension positions = Dimension.free("positions");
        return new GraphSignature(
                List.of(Port.int64("ids", rows, positions)),
                List.of(Port.float32("embeddings", rows, positions, Dimension.fixed(network.width()))));
    }

    private GraphSignature generatorSignature() {
        Dimension rows = Dimension.free("rows");
        Dimension positions = Dimension.free("positions");
        Dimension[] past = {
            rows, Dimension.fixed(network.heads()), Dimension.free("slots"), Dimension.fixed(network.headSize())
        };
        List<Port> inputs = new ArrayList<>(List.of(
                Port.float32("embeddings", rows, positions, Dimension.fixed(network.width())),
                Port.int32("seqlens_k", rows),
                Port.int32("total_length", Dimension.fixed(1)),
                Port.int64("position_ids", rows, positions),
                Port.int64("last", Dimension.free("wanted"))));
        if (readsWindows) {
            inputs.add(Port.float32(
                    "windows", Dimension.free("windows"), Dimension.free("length"), Dimension.fixed(network.width())));
        }
        List<Port> outputs =
                new ArrayList<>(List.of(Port.float32("logits", Dimension.free("wanted"), Dimension.fixed(codes))));
        for (int layer = 0; layer < network.layers(); layer++) {
            inputs.add(Port.float32("past_key_" + layer, past));
            inputs.add(Port.float32("past_value_" + layer, past));
            outputs.add(Port.float32("present_key_" + layer, past));
            outputs.add(Port.float32("present_value_" + layer, past));
        }
        return new GraphSignature(inputs, outputs);
    }

    /** Embeddings of some ids, [1, ids, width]. */
    float[] embeddings(int... ids) {
        try (var scratch = new TensorMemory()) {
            Tensor in = scratch.int64(1, ids.length);
            for (int i = 0; i < ids.length; i++) {
                in.longs().put(i, ids[i]);
            }
            Tensor out = scratch.float32(1, ids.length, network.width());
            embedding.run(Map.of("ids", in), Map.of("embeddings", out));
            float[] values = new float[out.elements()];
            out.floats().get(0, values);
            return values;
        }
    }

    /** Fills the beginning of a row with its prefix; returns the logits of the first image token. */
    float[] prefill(int row, float[] prefix) {
        int length = prefix.length / network.width();
        lengths[row] = length;
        long[] positions = new long[length];
        for (int i = 0; i < length; i++) {
            positions[i] = i;
        }
        return run(row, row + 1, prefix, positions, new int[] {length - 1}, length, length - 1);
    }

    /**
     * Reads a window of each row and forgets it; returns the logits that follow, one after the other.
     *
     * @param windows embeddings, [rows, length, width]
     */
    float[] read(int rows, float[] windows) {
        int length = windows.length / rows / network.width();
        long[] last = new long[rows];
        Arrays.setAll(last, row -> (row + 1L) * length);
        // The row that is nobody's goes on by a token.
        return run(
                lengths.length,
                lengths.length + 1,
                new float[network.width()],
                new long[1],
                new int[1],
                1,
                rows,
                windows,
                last);
    }

    /** Feeds one image token to each of the first rows; returns their logits one after the other. */
    float[] decode(int[] tokens, int[] cells) {
        int rows = tokens.length;
        float[] embeddings = embeddings(tokens);
        long[] positions = new long[rows];
        int[] seqlens = new int[rows];
        int longest = 0;
        for (int row = 0; row < rows; row++) {
            positions[row] = (long) network.prefixTokens() + cells[row];
            seqlens[row] = lengths[row]++;
            longest = Math.max(longest, lengths[row]);
        }
        long[] last = new long[rows];
        for (int row = 0; row < rows; row++) {
            last[row] = row;
        }
        return run(0, rows, embeddings, positions, seqlens, longest, last);
    }

    /** Feeds the first image tokens to one row alone, one after the other. */
    void advance(int row, int[] tokens) {
        for (int cell = 0; cell < tokens.length; cell++) {
            long[] position = {network.prefixTokens() + (long) cell};
            int[] seqlens = {lengths[row]++};
            run(row, row + 1, embeddings(tokens[cell]), position, seqlens, lengths[row], 0);
        }
    }

    private float[] run(
            int from, int to, float[] embeddings, long[] positions, int[] seqlens, int total, long... last) {
        return run(from, to, embeddings, positions, seqlens, total, 1, new float[network.width()], last);
    }

    private float[] run(
            int from,
            int to,
            float[] embeddings,
            long[] positions,
            int[] seqlens,
            int total,
            int count,
            float[] windows,
            long... last) {
        int rows = to - from;
        int length = positions.length / rows;
        try (var scratch = new TensorMemory()) {
            Map<String, Tensor> inputs = new HashMap<>();
            Map<String, Tensor> outputs = new HashMap<>();
            inputs.put("embeddings", scratch.float32(rows, length, network.width()));
            inputs.get("embeddings").floats().put(0, embeddings);
            inputs.put("seqlens_k", scratch.int32(rows));
            inputs.get("seqlens_k").ints().put(0, seqlens);
            inputs.put("total_length", scratch.int32(1));
            inputs.get("total_length").ints().put(0, total);
            inputs.put("position_ids", scratch.int64(rows, length));
            inputs.get("position_ids").longs().put(0, positions);
            inputs.put("last", scratch.int64(last.length));
            inputs.get("last").longs().put(0, last);
            if (readsWindows) {
                int read = windows.length / count / network.width();
                inputs.put("windows", scratch.float32(count, read, network.width()));
                inputs.get("windows").floats().put(0, windows);
            }
            cache.forEach((name, buffer) -> {
                Tensor window = scratch.rows(buffer, from, to);
                inputs.put("past_" + name, window);
                outputs.put("present_" + name, window);
            });
            Tensor logits = scratch.float32(last.length, codes);
            outputs.put("logits", logits);
            generator.run(inputs, outputs);
            float[] values = new float[logits.elements()];
            logits.floats().get(0, values);
            return values;
        }
    }

    @Override
    public void close() {
        embedding.close();
        generator.close();
        memory.close();
    }
}
