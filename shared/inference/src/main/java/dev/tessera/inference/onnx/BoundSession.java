package dev.tessera.inference.onnx;

import dev.tessera.inference.foreign.NativeBinding;
import dev.tessera.inference.foreign.NativeOptions;
import dev.tessera.inference.foreign.NativePort;
import dev.tessera.inference.foreign.NativeRuntime;
import dev.tessera.inference.foreign.NativeSession;
import dev.tessera.inference.foreign.OrtStatusException;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A graph by ONNX Runtime's C interface: its inputs and outputs are bound to memory of the device that computes it. */
final class BoundSession implements GraphSession {
    private final String name;
    private final Device device;
    private final NativeRuntime runtime;
    private final NativeSession session;
    private final List<FoundPort> inputs;
    private final List<FoundPort> outputs;
    private final Set<Bound> open = ConcurrentHashMap.newKeySet();

    private BoundSession(String name, Device device, NativeRuntime runtime, NativeSession session)
            throws OrtStatusException {
        this.name = name;
        this.device = device;
        this.runtime = runtime;
        this.session = session;
        this.inputs = ports(session.inputs());
        this.outputs = ports(session.outputs());
    }

    /** @throws OnnxException when the device cannot be used, or the graph cannot be read or computed on it */
    static BoundSession open(Path file, GraphOptions options) {
        NativeRuntime runtime = ForeignRuntime.get();
        try (var _ = FlushedSubnormals.begin();
                NativeOptions sessionOptions = SessionSettings.of(runtime, options)) {
            return new BoundSession(
                    String.valueOf(file.getFileName()), options.device(), runtime, runtime.open(file, sessionOptions));
        } catch (OrtStatusException e) {
            throw new OnnxException(
                    Reason.GRAPH_UNREADABLE,
                    file + " cannot be opened as a graph on " + options.device() + ": " + e.getMessage(),
                    e);
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
        Bound bound = begin(inputs);
        try {
            bound.bind(inputs, outputs);
            return bound;
        } catch (OrtStatusException e) {
            bound.close();
            throw unbound(e);
        }
    }

    @Override
    public ResidentMemory residentMemory() {
        return DeviceMemory.of(device, runtime, session);
    }

    @Override
    public void close() {
        open.forEach(Bound::close);
        session.close();
    }

    private Bound begin(Map<String, Tensor> inputs) {
        try {
            Bound bound = new Bound(session.bind(), inputs);
            open.add(bound);
            return bound;
        } catch (OrtStatusException e) {
            throw unbound(e);
        }
    }

    private OnnxException unbound(OrtStatusException cause) {
        return new OnnxException(Reason.BINDING_MISMATCH, name + " cannot be bound: " + cause.getMessage(), cause);
    }

    private static List<FoundPort> ports(List<NativePort> ports) {
        return ports.stream().map(BoundSession::port).toList();
    }

    private static FoundPort port(NativePort port) {
        String type = ElementType.of(port.elementType())
                .map(ElementType::name)
                .orElseGet(() -> port.elementType() == 0 ? "no tensor" : "element type " + port.elementType());
        return new FoundPort(port.name(), type, port.shape());
    }

    private final class Bound implements GraphRun {
        private final NativeBinding binding;

        /** What the process writes between runs: its way to the device begins anew with each run. */
        private final Map<String, Tensor> fromHost = new HashMap<>();

        Bound(NativeBinding binding, Map<String, Tensor> inputs) {
            this.binding = binding;
            inputs.forEach((input, tensor) -> {
                if (tensor instanceof HostTensor) {
                    fromHost.put(input, tensor);
                }
            });
        }

        void bind(Map<String, Tensor> inputs, Map<String, Tensor> outputs) throws OrtStatusException {
            bindInputs(inputs);
            for (var output : outputs.entrySet()) {
                binding.output(output.getKey(), output.getValue().value());
            }
        }

        @Override
        public void run() {
            try (var _ = FlushedSubnormals.begin()) {
                bindInputs(fromHost);
                binding.run();
            } catch (OrtStatusException e) {
                throw new OnnxException(Reason.RUN_FAILED, name + " failed: " + e.getMessage(), e);
            }
        }

        private void bindInputs(Map<String, Tensor> inputs) throws OrtStatusException {
            for (var input : inputs.entrySet()) {
                binding.input(input.getKey(), input.getValue().value());
            }
        }

        @Override
        public void close() {
            if (open.remove(this)) {
                binding.close();
            }
        }
    }
}
