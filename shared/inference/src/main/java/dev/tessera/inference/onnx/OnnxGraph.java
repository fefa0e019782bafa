package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph, opened and checked against the signature that the code expects. Runs on the CPU. Any number of threads may
 * run it at once, each with tensors of its own; {@link #close} waits for none of them.
 */
public final class OnnxGraph implements AutoCloseable {
    private final String name;
    private final GraphSignature signature;
    private final OrtSession session;

    private OnnxGraph(String name, GraphSignature signature, OrtSession session) {
        this.name = name;
        this.signature = signature;
        this.session = session;
    }

    /**
     * Loads a graph and its weights.
     *
     * @throws OnnxException when it cannot be read, or when its inputs and outputs are not the expected ones; the
     *     message names the file and both signatures where they differ
     */
    public static OnnxGraph open(Path file, GraphSignature expected, GraphOptions options) {
        String name = String.valueOf(file.getFileName());
        OrtSession session = load(file, options);
        try {
            List<String> differences = new ArrayList<>();
            differences.addAll(SignatureCheck.differences("input", session.getInputInfo(), expected.inputs()));
            differences.addAll(SignatureCheck.differences("output", session.getOutputInfo(), expected.outputs()));
            if (differences.isEmpty()) {
                return new OnnxGraph(name, expected, session);
            }
            close(session);
            throw new OnnxException(
                    Reason.SIGNATURE_MISMATCH,
                    file + " is not the graph that is expected here: " + String.join("; ", differences));
        } catch (OrtException e) {
            close(session);
            throw unreadable(file, e);
        }
    }

    public GraphSignature signature() {
        return signature;
    }

    /**
     * Ties tensors to all inputs and outputs, for any number of runs. One tensor may stand for an input and an output:
     * that is how a key/value cache is written in place.
     *
     * @throws OnnxException when a tensor is missing, left over, of another type or shape; the native code would not
     *     check, and could take the process down
     */
    public Binding bind(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        BindingCheck check = new BindingCheck(name);
        check.accept("input", signature.inputs(), inputs);
        check.accept("output", signature.outputs(), outputs);
        return new Binding(this, inputs, outputs);
    }

    /** Binds and runs once. */
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        bind(inputs, outputs).run();
    }

    void run(Binding binding) {
        Map<String, OnnxTensor> inputs = binding.inputs();
        Map<String, OnnxTensor> outputs = binding.outputs();
        // The result owns nothing, since every output is pinned, but it is a native object and must be closed.
        try (OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
            assert result.size() == outputs.size();
        } catch (OrtException e) {
            throw new OnnxException(Reason.RUN_FAILED, name + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        close(session);
    }

    private static OrtSession load(Path file, GraphOptions options) {
        // First, so that a native library that cannot be loaded is told as such.
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            session.setInterOpNumThreads(1);
            session.setIntraOpNumThreads(options.threads());
            session.addConfigEntry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
            session.setOptimizationLevel(level(options.optimisation()));
            return environment.createSession(file.toString(), session);
        } catch (OrtException e) {
            throw unreadable(file, e);
        }
    }

    private static OrtSession.SessionOptions.OptLevel level(GraphOptions.Optimisation optimisation) {
        return switch (optimisation) {
            case NONE -> OrtSession.SessionOptions.OptLevel.NO_OPT;
            case BASIC -> OrtSession.SessionOptions.OptLevel.BASIC_OPT;
            case EXTENDED -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
            case ALL -> OrtSession.SessionOptions.OptLevel.ALL_OPT;
        };
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OnnxException(Reason.RUN_FAILED, "the graph could not be closed: " + e.getMessage(), e);
        }
    }

    private static OnnxException unreadable(Path file, OrtException cause) {
        return new OnnxException(
                Reason.GRAPH_UNREADABLE, file + " cannot be opened as a graph: " + cause.getMessage(), cause);
    }

    @Override
    public String toString() {
        return "OnnxGraph[" + name + "]";
    }
}
