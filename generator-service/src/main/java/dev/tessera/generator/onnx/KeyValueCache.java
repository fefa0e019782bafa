package dev.tessera.generator.onnx;

import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.onnx.ElementType;
import dev.tessera.inference.onnx.ResidentMemory;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The keys and values of all rows, one pair of tensors [rows, heads, slots, head size] for each layer. Because rows come
 * first, any range of rows is itself such a tensor, and the network reads and writes it in place, on the device that
 * computes it.
 */
final class KeyValueCache {
    private final ResidentMemory memory;
    private final List<Tensor> tensors = new ArrayList<>();

    /** @param memory that owns the tensors */
    KeyValueCache(ResidentMemory memory, NextTokenTransformer network, int rows, int slots) {
        this.memory = memory;
        ElementType type = NextTokenGraphs.cached(network);
        for (int i = 0; i < 2 * network.layers(); i++) {
            tensors.add(memory.allocate(type, rows, network.heads(), slots, network.headSize()));
        }
    }

    /**
     * Adds views of a range of rows to a binding's inputs and outputs.
     *
     * @param views that owns the views
     */
    void bind(TensorMemory views, int from, int to, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        for (int i = 0; i < tensors.size(); i++) {
            String name = (i % 2 == 0 ? "key_" : "value_") + i / 2;
            Tensor view = views.rows(tensors.get(i), from, to);
            inputs.put("past_" + name, view);
            outputs.put("present_" + name, view);
        }
    }

    /** Copies the first slots of a row over another row. */
    void copyRow(int from, int to, int filled) {
        tensors.forEach(tensor -> memory.copyRow(tensor, from, to, filled));
    }
}
