package dev.tessera.inference.onnx;

import java.util.List;
import java.util.Map;

/**
 * An opened graph on one of the two ways to ONNX Runtime; this is the seam between them. Any number of threads may run it at
 * once, each with a binding of its own.
 */
interface GraphSession extends AutoCloseable {
    List<FoundPort> inputs();

    List<FoundPort> outputs();

    /** Ties tensors that fit to all inputs and outputs. */
    GraphRun bind(Map<String, Tensor> inputs, Map<String, Tensor> outputs);

    /** Memory where the graph computes. */
    ResidentMemory residentMemory();

    /** Also closes what is still bound. */
    @Override
    void close();

    /** What is bound, for any number of runs. */
    interface GraphRun extends AutoCloseable {
        void run();

        @Override
        void close();
    }
}
