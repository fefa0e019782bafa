package dev.tessera.importer;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.List;
import java.util.Map;

/** The text encoder and the caption projection of a bundle, each opened for one run. */
final class TextGraphs {
    private static final Dimension ONE = Dimension.fixed(1);
    private static final Dimension POSITIONS = Dimension.free("positions");

    private TextGraphs() {}

    /** Token ids to states [ids, text width]. */
    static float[] states(ModelBundle bundle, int[] ids) {
        int width = ((TextConditioning) bundle.manifest().conditioning()).width();
        var signature = new GraphSignature(
                List.of(Port.int64("ids", ONE, POSITIONS)),
                List.of(Port.float32("states", ONE, POSITIONS, Dimension.fixed(width))));
        try (var memory = new TensorMemory();
                var graph = OnnxGraph.open(bundle.file(BundleFiles.TEXT_ENCODER), signature, options())) {
            Tensor in = memory.int64(1, ids.length);
            for (int i = 0; i < ids.length; i++) {
                in.longs().put(i, ids[i]);
            }
            return run(graph, Map.of("ids", in), "states", memory.float32(1, ids.length, width));
        }
    }

    /** States to embeddings [states, width of the transformer]. */
    static float[] captions(ModelBundle bundle, float[] states) {
        int from = ((TextConditioning) bundle.manifest().conditioning()).width();
        int to = ((NextTokenTransformer) bundle.manifest().generator()).width();
        var signature = new GraphSignature(
                List.of(Port.float32("states", ONE, POSITIONS, Dimension.fixed(from))),
                List.of(Port.float32("embeddings", ONE, POSITIONS, Dimension.fixed(to))));
        try (var memory = new TensorMemory();
                var graph = OnnxGraph.open(bundle.file(BundleFiles.CAPTION), signature, options())) {
            Tensor in = memory.float32(1, states.length / from, from);
            in.floats().put(0, states);
            return run(graph, Map.of("states", in), "embeddings", memory.float32(1, states.length / from, to));
        }
    }

    private static float[] run(OnnxGraph graph, Map<String, Tensor> inputs, String name, Tensor output) {
        graph.run(inputs, Map.of(name, output));
        float[] values = new float[output.elements()];
        output.floats().get(0, values);
        return values;
    }

    private static GraphOptions options() {
        return GraphOptions.defaults().withThreads(1);
    }
}
