package dev.tessera.inference.onnx;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs and outputs that the code expects of a graph. Their order means nothing, their names everything. */
public record GraphSignature(List<Port> inputs, List<Port> outputs) {
    public GraphSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static Map<String, Port> byName(Collection<Port> ports) {
        Map<String, Port> byName = new LinkedHashMap<>();
        ports.forEach(port -> byName.put(port.name(), port));
        return byName;
    }
}
