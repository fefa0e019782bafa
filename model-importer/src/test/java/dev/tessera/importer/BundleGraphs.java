package dev.tessera.importer;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import java.util.List;

/** A bundle's graphs on one thread, and what they leave in tensors. */
final class BundleGraphs {
    private BundleGraphs() {}

    static OnnxGraph open(ModelBundle bundle, String file, List<Port> inputs, List<Port> outputs) {
        return OnnxGraph.open(
                bundle.file(file),
                new GraphSignature(inputs, outputs),
                GraphOptions.defaults().withThreads(1));
    }

    static float[] floats(Tensor tensor) {
        float[] values = new float[tensor.elements()];
        tensor.floats().get(0, values);
        return values;
    }
}
