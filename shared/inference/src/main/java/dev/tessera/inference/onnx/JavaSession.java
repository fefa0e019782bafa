package dev.tessera.inference.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph on the processor, by ONNX Runtime's Java interface: tensors are pinned, so that nothing is copied. */
final class JavaSession implements GraphSession {
    private final String name;
    private final OrtSession session;
    private final List<FoundPort> inputs;
    private final List<FoundPort> outputs;

    private JavaSession(String name, OrtSession session) throws OrtException {
        this.name = name;
        this.session = session;
        this.inputs = ports(session.getInputInfo().values());
        this.outputs = ports(session.getOutputInfo().values());
    }

    /** @throws OnnxException when it cannot be read */
    static JavaSession open(Path file, GraphOptions options) {
        // First, so that a native library that cannot be loaded is told as such.
        OrtEnvironment environment = OnnxRuntime.environment();
        try (var _ = FlushedSubnormals.begin();
                OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            session.setInterOpNumThreads(1);
            session.setIntraOpNumThreads(options.threads());
            session.addConfigEntry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
            session.addConfigEntry(SessionSettings.SLOW_BYTE_PRODUCTS, SessionSettings.slowByteProducts());
            session.addConfigEntry(FlushedSubnormals.OPTION, FlushedSubnormals.option());
            session.setOptimizationLevel(level(options.optimisation()));
            return new JavaSession(
                    String.valueOf(file.getFileName()), environment.createSession(file.toString(), session));
        } catch (OrtException e) {
            throw new OnnxException(
                    Reason.GRAPH_UNREADABLE, file + " cannot be opened as a graph: " + e.getMessage(), e);
        }
    }

    @Override
    public List<FoundPort> inputs() {
        return inputs;
    }

    @Override
    public List<FoundPort> outputs() {
        return outputs;
    }

    @Override
    public GraphRun bind(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        return new Pinned(handles(inputs), handles(outputs));
    }

    @Override
    public ResidentMemory residentMemory() {
        return new HostMemory();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OnnxException(Reason.RUN_FAILED, name + " could not be closed: " + e.getMessage(), e);
        }
    }

    private static Map<String, OnnxTensor> handles(Map<String, Tensor> tensors) {
        Map<String, OnnxTensor> handles = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> handles.put(name, tensor.handle()));
        return handles;
    }

    private static List<FoundPort> ports(Collection<NodeInfo> nodes) {
        return nodes.stream().map(JavaSession::port).toList();
    }

    private static FoundPort port(NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo tensor)) {
            return new FoundPort(node.getName(), node.getInfo().getClass().getSimpleName(), List.of());
        }
        return new FoundPort(
                node.getName(),
                ElementType.of(tensor.type).map(ElementType::name).orElse(tensor.onnxType.name()),
                Arrays.stream(tensor.getShape()).boxed().toList());
    }

    private static OrtSession.SessionOptions.OptLevel level(GraphOptions.Optimisation optimisation) {
        return switch (optimisation) {
            case NONE -> OrtSession.SessionOptions.OptLevel.NO_OPT;
            case BASIC -> OrtSession.SessionOptions.OptLevel.BASIC_OPT;
            case EXTENDED -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
            case ALL -> OrtSession.SessionOptions.OptLevel.ALL_OPT;
        };
    }

    /** Holds no native memory of its own. */
    private final class Pinned implements GraphRun {
        private final Map<String, OnnxTensor> inputs;
        private final Map<String, OnnxTensor> outputs;

        Pinned(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }

        @Override
        public void run() {
            // The result owns nothing, since every output is pinned, but it is a native object and must be closed.
            try (var _ = FlushedSubnormals.begin();
                    OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
                assert result.size() == outputs.size();
            } catch (OrtException e) {
                throw new OnnxException(Reason.RUN_FAILED, name + " failed: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {}
    }
}
