package dev.tessera.importer.graph;

import java.util.List;

/**
 * One operator.
 *
 * @param domain empty for the ONNX operators themselves
 * @param inputs value names; an empty name is an input left out
 */
record Node(
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        List<Attribute> attributes) {
    Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }
}
