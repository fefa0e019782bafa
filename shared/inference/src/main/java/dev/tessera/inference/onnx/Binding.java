package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph with a tensor for each input and output, checked once and run as often as wanted: a run reads the inputs
 * where they are and writes the outputs where they are. Holds no native memory of its own.
 */
public final class Binding {
    private final OnnxGraph graph;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Binding(OnnxGraph graph, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        this.graph = graph;
        this.inputs = handles(inputs);
        this.outputs = handles(outputs);
    }

    /** @throws OnnxException when the runtime gives up; the outputs are then undefined */
    public void run() {
        graph.run(this);
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    Map<String, OnnxTensor> outputs() {
        return outputs;
    }

    private static Map<String, OnnxTensor> handles(Map<String, Tensor> tensors) {
        Map<String, OnnxTensor> handles = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> handles.put(name, tensor.handle()));
        return handles;
    }
}
