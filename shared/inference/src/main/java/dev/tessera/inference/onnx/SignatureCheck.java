package dev.tessera.inference.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares what a graph takes and gives with what the code expects. A size that the graph leaves open accepts any; a
 * size that the code leaves open must be open in the graph.
 */
final class SignatureCheck {
    private SignatureCheck() {}

    /** The differences between the ports of one direction, each in a sentence; none when they agree. */
    static List<String> differences(String direction, Map<String, NodeInfo> found, List<Port> expected) {
        List<String> differences = new ArrayList<>();
        Map<String, Port> wanted = GraphSignature.byName(expected);
        for (Port port : expected) {
            NodeInfo node = found.get(port.name());
            if (node == null) {
                differences.add(direction + " " + port + " is expected, the graph has only " + found.keySet());
            } else if (!agrees(port, node.getInfo())) {
                differences.add(direction + " " + port.name() + " is " + describe(node.getInfo()) + ", expected "
                        + port.type() + port.shape());
            }
        }
        found.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .forEach(name -> differences.add(direction + " " + name + " is not expected"));
        return differences;
    }

    private static boolean agrees(Port port, ValueInfo info) {
        return info instanceof TensorInfo tensor
                && tensor.type == port.type().javaType()
                && agrees(port.shape(), tensor.getShape());
    }

    private static boolean agrees(List<Dimension> expected, long[] found) {
        return expected.size() == found.length
                && IntStream.range(0, found.length).allMatch(i -> agrees(expected.get(i), found[i]));
    }

    private static boolean agrees(Dimension expected, long found) {
        return found < 0
                || switch (expected) {
                    case Dimension.Fixed fixed -> fixed.size() == found;
                    case Dimension.Free free -> false;
                };
    }

    private static String describe(ValueInfo info) {
        if (!(info instanceof TensorInfo tensor)) {
            return info.getClass().getSimpleName();
        }
        String type = ElementType.of(tensor.type).map(ElementType::name).orElse(tensor.onnxType.name());
        return type
                + Arrays.stream(tensor.getShape())
                        .mapToObj(size -> size < 0 ? "?" : Long.toString(size))
                        .collect(Collectors.joining(", ", "[", "]"));
    }
}
