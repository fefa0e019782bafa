package dev.tessera.generator.onnx;

import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The keys and values of all rows, one pair of tensors [rows, slots, width] for each layer, with slots for all scales
 * but the last, whose keys and values nobody reads.
 */
final class ScaleCache {
    private final int slots;
    private final int width;
    private final List<Tensor> tensors = new ArrayList<>();

    /** @param memory that owns the tensors */
    ScaleCache(TensorMemory memory, NextScaleTransformer network, int rows) {
        this.slots = network.firstToken(network.scales().size() - 1);
        this.width = network.width();
        for (int i = 0; i < 2 * network.layers(); i++) {
            tensors.add(memory.float32(rows, slots, width));
        }
    }

    /** Adds views of a range of rows to a run's inputs. */
    void bind(TensorMemory views, int from, int to, Map<String, Tensor> inputs) {
        for (int i = 0; i < tensors.size(); i++) {
            inputs.put("past_" + name(i), views.rows(tensors.get(i), from, to));
        }
    }

    /**
     * Tensors for a run's own keys and values. Those that are not to be kept share one pair for all layers: each layer is
     * done with its own before the next begins.
     *
     * @param memory that owns the tensors
     */
    Own own(TensorMemory memory, int rows, int tokens, boolean kept) {
        List<Tensor> own = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            own.add(kept || i < 2 ? memory.float32(rows, tokens, width) : own.get(i % 2));
        }
        return new Own(own);
    }

    /**
     * Copies what a run left into the cache.
     *
     * @param from the run's first row
     * @param past the first slot
     */
    void keep(Own own, int from, int past) {
        for (int i = 0; i < tensors.size(); i++) {
            Tensor source = own.tensors.get(i);
            long[] shape = source.shape();
            int length = Math.toIntExact(shape[1] * width);
            for (int row = 0; row < shape[0]; row++) {
                int place = ((from + row) * slots + past) * width;
                tensors.get(i).floats().put(place, source.floats(), row * length, length);
            }
        }
    }

    /** Copies the first slots of a row over another row. */
    void copyRow(int from, int to, int filled) {
        int row = slots * width;
        for (Tensor tensor : tensors) {
            tensor.floats().put(to * row, tensor.floats(), from * row, filled * width);
        }
    }

    private static String name(int index) {
        return (index % 2 == 0 ? "key_" : "value_") + index / 2;
    }

    /** A run's own keys and values. */
    record Own(List<Tensor> tensors) {
        void bind(Map<String, Tensor> outputs) {
            for (int i = 0; i < tensors.size(); i++) {
                outputs.put(name(i), tensors.get(i));
            }
        }
    }
}
