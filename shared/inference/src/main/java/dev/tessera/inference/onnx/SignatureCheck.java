package dev.tessera.inference.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Compares what a graph takes and gives with what the code expects. A size that the graph leaves open accepts any; a
 * size that the code leaves open must be open in the graph.
 */
final class SignatureCheck {
    private SignatureCheck() {}

    /** The differences between the ports of one direction, each in a sentence; none when they agree. */
    static List<String> differences(String direction, List<FoundPort> found, List<Port> expected) {
        List<String> differences = new ArrayList<>();
        Map<String, Port> wanted = GraphSignature.byName(expected);
        Map<String, FoundPort> byName = new LinkedHashMap<>();
        found.forEach(port -> byName.put(port.name(), port));
        for (Port port : expected) {
            FoundPort same = byName.get(port.name());
            if (same == null) {
                differences.add(direction + " " + port + " is expected, the graph has only " + byName.keySet());
            } else if (!agrees(port, same)) {
                differences.add(direction + " " + port.name() + " is " + same.describe() + ", expected " + port.type()
                        + port.shape());
            }
        }
        byName.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .forEach(name -> differences.add(direction + " " + name + " is not expected"));
        return differences;
    }

    private static boolean agrees(Port port, FoundPort found) {
        return found.type().equals(port.type().name()) && agrees(port.shape(), found.shape());
    }

    private static boolean agrees(List<Dimension> expected, List<Long> found) {
        return expected.size() == found.size()
                && IntStream.range(0, found.size()).allMatch(i -> agrees(expected.get(i), found.get(i)));
    }

    private static boolean agrees(Dimension expected, long found) {
        return found < 0
                || switch (expected) {
                    case Dimension.Fixed fixed -> fixed.size() == found;
                    case Dimension.Free free -> false;
                };
    }
}
