package dev.tessera.generation.masked.onnx;

import dev.tessera.generation.Condition;
import dev.tessera.generation.TextStates;
import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What each row of a masked network keeps of its condition: keys and values of all cross-attentions, and the adaptive
 * normalisations. Worked out once for a condition; a row whose condition another row has takes a copy.
 */
final class MaskedRows {
    private final MaskedGraphs graphs;
    private final int rows;
    private final Map<String, Tensor> kept = new LinkedHashMap<>();
    private final Map<Integer, Condition.Textual> conditions = new HashMap<>();

    /** @param memory that owns the tensors */
    MaskedRows(
            MaskedGraphs graphs,
            TensorMemory memory,
            MaskedDimensions dimensions,
            MaskedTransformer network,
            int rows) {
        this.graphs = graphs;
        this.rows = rows;
        for (int i = 0; i < network.contexts().size(); i++) {
            int width = network.contexts().get(i);
            kept.put(MaskedGraphs.key(i), memory.float32(rows, dimensions.kept(), width));
            kept.put(MaskedGraphs.value(i), memory.float32(rows, dimensions.kept(), width));
        }
        if (network.modulation() > 0) {
            kept.put(MaskedGraphs.MODULATION, memory.float32(rows, network.modulation()));
        }
    }

    void begin(int row, Condition.Textual condition) {
        Optional<Integer> same = conditions.entrySet().stream()
                .filter(other -> other.getValue().equals(condition))
                .map(Map.Entry::getKey)
                .findFirst();
        if (same.isPresent()) {
            copyRow(same.get(), row);
            return;
        }
        conditions.remove(row);
        work(row, condition);
        conditions.put(row, condition);
    }

    private void work(int row, Condition.Textual condition) {
        TextStates text = condition.states();
        try (var scratch = new TensorMemory()) {
            Map<String, Tensor> inputs = new HashMap<>();
            Tensor states = scratch.float32(1, text.tokens(), text.width());
            text.copyTo(states.floats());
            inputs.put(MaskedGraphs.STATES, states);
            if (text.pooledWidth() > 0) {
                Tensor pooled = scratch.float32(1, text.pooledWidth());
                text.copyPooledTo(pooled.floats());
                inputs.put(MaskedGraphs.POOLED, pooled);
            }
            if (condition instanceof Condition.OfBaseGrid fine) {
                inputs.put(MaskedGraphs.BASE, grid(scratch, fine.base()));
            }
            graphs.condition().run(inputs, window(scratch, row, row + 1));
        }
    }

    private static Tensor grid(TensorMemory memory, TokenGrid base) {
        Tensor grid = memory.int64(1, base.rows(), base.columns());
        LongBuffer ids = grid.longs();
        for (int id : base.ids()) {
            ids.put(id);
        }
        return grid;
    }

    /** The tensors of a range of rows, without a copy. */
    Map<String, Tensor> window(TensorMemory views, int from, int to) {
        Map<String, Tensor> window = new LinkedHashMap<>();
        kept.forEach((name, tensor) -> window.put(name, views.rows(tensor, from, to)));
        return window;
    }

    void copyRow(int from, int to) {
        if (from == to) {
            return;
        }
        for (Tensor tensor : kept.values()) {
            int row = tensor.elements() / rows;
            tensor.floats().put(to * row, tensor.floats(), from * row, row);
        }
        conditions.put(to, Objects.requireNonNull(conditions.get(from)));
    }
}
