package dev.tessera.generator.onnx;

import dev.tessera.inference.onnx.Binding;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Advances the first rows of the cache by one token each. The tensors of each number of rows are bound on first use. */
final class DecodeSteps {
    private final NextTokenGraphs graphs;
    private final TensorMemory memory;
    private final KeyValueCache cache;
    private final int prefixTokens;
    private final Ends ends;
    private final Tensor ids;
    private final Tensor seqlens;
    private final Tensor totalLength;
    private final Tensor positions;
    private final Tensor last;
    private final LongBuffer idBuffer;
    private final IntBuffer seqlenBuffer;
    private final IntBuffer totalLengthBuffer;
    private final LongBuffer positionBuffer;
    private final Map<Integer, Step> steps = new HashMap<>();

    /** @param memory that owns the other tensors */
    DecodeSteps(NextTokenGraphs graphs, TensorMemory memory, KeyValueCache cache, Ends ends, NextTokenSizes sizes) {
        this.graphs = graphs;
        this.memory = memory;
        this.cache = cache;
        this.prefixTokens = sizes.prefixTokens();
        this.ends = ends;
        ids = memory.int64(sizes.rows(), 1);
        seqlens = memory.int32(sizes.rows());
        totalLength = memory.int32(1);
        positions = memory.int64(sizes.rows(), 1);
        last = memory.int64(sizes.rows());
        idBuffer = ids.longs();
        seqlenBuffer = seqlens.ints();
        totalLengthBuffer = totalLength.ints();
        positionBuffer = positions.longs();
        LongBuffer lasts = last.longs();
        for (int row = 0; row < sizes.rows(); row++) {
            lasts.put(row, row);
        }
    }

    void run(int rows, int[] tokens, int[] cells, int[] slots) {
        int longest = 0;
        for (int row = 0; row < rows; row++) {
            idBuffer.put(row, tokens[row]);
            positionBuffer.put(row, (long) prefixTokens + cells[row]);
            seqlenBuffer.put(row, slots[row]);
            longest = Math.max(longest, slots[row] + 1);
        }
        totalLengthBuffer.put(0, longest);
        steps.computeIfAbsent(rows, this::bind).run();
    }

    private Step bind(int rows) {
        Tensor embedded = memory.rows(ends.embeddings(), 0, rows);
        Binding embed =
                graphs.embedding().bind(Map.of("ids", memory.rows(ids, 0, rows)), Map.of("embeddings", embedded));
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("embeddings", embedded);
        inputs.put("seqlens_k", memory.rows(seqlens, 0, rows));
        inputs.put("total_length", totalLength);
        inputs.put("position_ids", memory.rows(positions, 0, rows));
        inputs.put("last", memory.rows(last, 0, rows));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("logits", memory.rows(ends.logits(), 0, rows));
        cache.bind(memory, 0, rows, inputs, outputs);
        return new Step(embed, graphs.transformer().bind(inputs, outputs));
    }

    /**
     * What the network begins with, and what it ends with.
     *
     * @param embeddings [rows, 1, width], which the one graph leaves for the other
     * @param logits [rows, vocabulary], where each row's are left
     */
    record Ends(Tensor embeddings, Tensor logits) {}

    private record Step(Binding embed, Binding transform) {
        void run() {
            embed.run();
            transform.run();
        }
    }
}
