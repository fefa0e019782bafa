package dev.tessera.inference.onnx;

import dev.tessera.inference.onnx.OnnxException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A graph, opened and checked against the signature that the code expects. Any number of threads may run it at once, each
 * with tensors of its own; {@link #close} waits for none of them.
 */
public final class OnnxGraph implements AutoCloseable {
    private final String name;
    private final GraphSignature signature;
    private final GraphSession session;

    private OnnxGraph(String name, GraphSignature signature, GraphSession session) {
        this.name = name;
        this.signature = signature;
        this.session = session;
    }

    /**
     * Loads a graph and its weights.
     *
     * @throws OnnxException when it cannot be read, or when its inputs and outputs are not the expected ones; the
     *     message names the file and both signatures where they differ. Also when the device cannot be used
     */
    public static OnnxGraph open(Path file, GraphSignature expected, GraphOptions options) {
        GraphSession session =
                switch (options.device()) {
                    case CPU -> JavaSession.open(file, options);
                    case CPU_BOUND, CUDA -> BoundSession.open(file, options);
                };
        List<String> differences = new ArrayList<>();
        differences.addAll(SignatureCheck.differences("input", session.inputs(), expected.inputs()));
        differences.addAll(SignatureCheck.differences("output", session.outputs(), expected.outputs()));
        if (differences.isEmpty()) {
            return new OnnxGraph(String.valueOf(file.getFileName()), expected, session);
        }
        session.close();
        throw new OnnxException(
                Reason.SIGNATURE_MISMATCH,
                file + " is not the graph that is expected here: " + String.join("; ", differences)
                        + "; a model imported by another version has to be imported again");
    }

    public GraphSignature signature() {
        return signature;
    }

    /** Memory for what stays on the device that computes the graph; to be closed before it. */
    public ResidentMemory residentMemory() {
        return session.residentMemory();
    }

    /**
     * Ties tensors to all inputs and outputs, for any number of runs. One tensor may stand for an input and an output:
     * that is how a key/value cache is written in place. Is closed with the graph, unless it is before.
     *
     * @throws OnnxException when a tensor is missing, left over, of another type or shape; the native code would not
     *     check, and could take the process down
     */
    public Binding bind(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        BindingCheck check = new BindingCheck(name);
        check.accept("input", signature.inputs(), inputs);
        check.accept("output", signature.outputs(), outputs);
        return new Binding(session.bind(inputs, outputs));
    }

    /** Binds and runs once. */
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        try (Binding once = bind(inputs, outputs)) {
            once.run();
        }
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return "OnnxGraph[" + name + "]";
    }
}
