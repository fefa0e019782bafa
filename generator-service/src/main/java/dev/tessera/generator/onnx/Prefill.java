package dev.tessera.generator.onnx;

import dev.tessera.generator.Prefix;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Begins one row of the cache with a prefix of its true length. A row is always prefilled alone, so that its shapes, and
 * with them its bits, do not depend on what else is going on.
 */
final class Prefill {
    private final NextTokenGraphs graphs;
    private final KeyValueCache cache;
    private final NextTokenSizes sizes;
    private final Tensor logits;

    /** @param logits [rows, vocabulary], where each row's are left */
    Prefill(NextTokenGraphs graphs, KeyValueCache cache, NextTokenSizes sizes, Tensor logits) {
        this.graphs = graphs;
        this.cache = cache;
        this.sizes = sizes;
        this.logits = logits;
    }

    void run(int row, Prefix prefix) {
        try (TensorMemory memory = new TensorMemory()) {
            Map<String, Tensor> inputs = inputs(memory, prefix);
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("logits", memory.rows(logits, row, row + 1));
            cache.bind(memory, row, row + 1, inputs, outputs);
            graphs.transformer().run(inputs, outputs);
        }
    }

    private Map<String, Tensor> inputs(TensorMemory memory, Prefix prefix) {
        int length = prefix.length();
        Tensor seqlens = memory.int32(1);
        seqlens.ints().put(0, length - 1);
        Tensor totalLength = memory.int32(1);
        totalLength.ints().put(0, length);
        Tensor last = memory.int64(1);
        last.longs().put(0, length - 1);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("embeddings", embeddings(memory, prefix));
        inputs.put("seqlens_k", seqlens);
        inputs.put("total_length", totalLength);
        inputs.put("position_ids", ascending(memory, sizes.prefixTokens() - length, length));
        inputs.put("last", last);
        return inputs;
    }

    private Tensor embeddings(TensorMemory memory, Prefix prefix) {
        Tensor embeddings = memory.float32(1, prefix.length(), sizes.width());
        switch (prefix) {
            case Prefix.Entries entries -> {
                Tensor ids = ascending(memory, entries.first(), entries.length());
                graphs.embedding().run(Map.of("ids", ids), Map.of("embeddings", embeddings));
            }
            case Prefix.Text text -> {
                OnnxGraph caption = graphs.caption()
                        .orElseThrow(() -> new IllegalStateException("a class model has no caption projection"));
                Tensor states = memory.float32(1, text.length(), text.states().width());
                text.states().copyTo(states.floats());
                caption.run(Map.of("states", states), Map.of("embeddings", embeddings));
            }
        }
        return embeddings;
    }

    /** [1, length] */
    private static Tensor ascending(TensorMemory memory, int first, int length) {
        Tensor tensor = memory.int64(1, length);
        LongBuffer values = tensor.longs();
        for (int i = 0; i < length; i++) {
            values.put(i, (long) first + i);
        }
        return tensor;
    }
}
