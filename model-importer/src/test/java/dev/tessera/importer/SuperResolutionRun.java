package dev.tessera.importer;

import static dev.tessera.importer.BundleGraphs.floats;
import static dev.tessera.importer.BundleGraphs.open;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.SuperResolution;
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

/** A bundle's super-resolution graphs for some rows, each with a text and a base grid of its own. */
final class SuperResolutionRun implements AutoCloseable {
    private static final Dimension ONE = Dimension.fixed(1);
    private static final Dimension ROWS = Dimension.free("rows");
    private static final Dimension CELLS = Dimension.free("cells");

    private final TextConditioning text;
    private final int baseSide;
    private final SuperResolution stage;
    private final int kept;
    private final OnnxGraph condition;
    private final OnnxGraph network;

    SuperResolutionRun(ModelBundle bundle) {
        var manifest = bundle.manifest();
        text = (TextConditioning) manifest.conditioning();
        baseSide = manifest.grid().rows();
        stage = manifest.superres().orElseThrow();
        kept = text.maxTokens() + manifest.grid().tokens();
        condition = open(
                bundle,
                BundleFiles.SUPERRES_CONDITION,
                List.of(
                        Port.float32("states", ONE, Dimension.fixed(text.maxTokens()), Dimension.fixed(text.width())),
                        Port.int64("base", ONE, Dimension.fixed(baseSide), Dimension.fixed(baseSide))),
                contexts(ONE, Dimension.fixed(kept)));
        List<Port> inputs = contexts(ROWS, Dimension.free("texts"));
        Dimension side = Dimension.fixed(stage.grid().rows());
        inputs.add(Port.int64("tokens", ROWS, side, side));
        inputs.add(Port.int64("cells", CELLS));
        network = open(
                bundle,
                BundleFiles.SUPERRES,
                inputs,
                List.of(Port.float32(
                        "logits", CELLS, Dimension.fixed(stage.codebook().size()))));
    }

    private List<Port> contexts(Dimension rows, Dimension positions) {
        List<Port> ports = new ArrayList<>();
        for (int i = 0; i < stage.contexts().size(); i++) {
            Dimension width = Dimension.fixed(stage.contexts().get(i));
            ports.add(Port.float32("key_" + i, rows, positions, width));
            ports.add(Port.float32("value_" + i, rows, positions, width));
        }
        return ports;
    }

    /** What the network keeps of a text and a base grid, by the tensors' names. */
    Map<String, float[]> condition(float[] states, long[] base) {
        try (var scratch = new TensorMemory()) {
            Tensor texts = scratch.float32(1, text.maxTokens(), text.width());
            texts.floats().put(states);
            Tensor grid = scratch.int64(1, baseSide, baseSide);
            grid.longs().put(base);
            Map<String, Tensor> made = contexts(scratch, 1);
            condition.run(Map.of("states", texts, "base", grid), made);
            Map<String, float[]> values = new HashMap<>();
            made.forEach((name, tensor) -> values.put(name, floats(tensor)));
            return values;
        }
    }

    private Map<String, Tensor> contexts(TensorMemory memory, int rows) {
        Map<String, Tensor> tensors = new HashMap<>();
        for (int i = 0; i < stage.contexts().size(); i++) {
            int width = stage.contexts().get(i);
            tensors.put("key_" + i, memory.float32(rows, kept, width));
            tensors.put("value_" + i, memory.float32(rows, kept, width));
        }
        return tensors;
    }

    /** Logits [rows, cells, codes] of all cells. */
    float[] logits(List<long[]> tokens, List<Map<String, float[]>> conditions) {
        int rows = tokens.size();
        int cells = stage.grid().tokens();
        try (var scratch = new TensorMemory()) {
            Map<String, Tensor> inputs = contexts(scratch, rows);
            Tensor grid = scratch.int64(rows, stage.grid().rows(), stage.grid().columns());
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
            Tensor logits =
                    scratch.float32((long) rows * cells, stage.codebook().size());
            network.run(inputs, Map.of("logits", logits));
            return floats(logits);
        }
    }

    @Override
    public void close() {
        condition.close();
        network.close();
    }
}
