package dev.tessera.importer.windowed;

import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.OnnxModel;
import java.util.List;

/**
 * The two kinds of tokens of a run: those with which remembered sequences go on, the input {@code embeddings} [rows,
 * positions, C], and those of windows that are read whole, the input {@code windows} [windows, length, C]. Together they
 * lie one behind the other, [N, ..].
 */
final class RunParts {
    private static final String NOUGHT = "parts.nought";

    private final OnnxModel graph;
    private final String sizes;

    /** @param graph that has both inputs */
    RunParts(OnnxModel graph) {
        this.graph = graph;
        graph.wholes(NOUGHT, 0);
        graph.wholes("parts.rest", -1);
        this.sizes = graph.node(
                "Concat",
                "parts.sizes",
                List.of(measured("sequences", "embeddings"), measured("windows", "windows")),
                Attribute.of("axis", 0));
    }

    /** How many tokens, [1]; on the way the shape of the kind, with its last dimension open. */
    private String measured(String kind, String input) {
        String sides =
                graph.node("Shape", kind + ".sides", List.of(input), Attribute.of("start", 0), Attribute.of("end", 2));
        graph.node("Concat", shape(kind), List.of(sides, "parts.rest"), Attribute.of("axis", 0));
        return graph.node("ReduceProd", kind + ".size", List.of(sides));
    }

    private static String shape(String kind) {
        return kind + ".shape";
    }

    /** The number of tokens of a window, [1]. */
    String length() {
        return graph.node(
                "Shape", "windows.length", List.of("windows"), Attribute.of("start", 1), Attribute.of("end", 2));
    }

    /** A list of one nought. */
    String nought() {
        return NOUGHT;
    }

    /** Takes a value of all tokens apart. */
    Apart apart(String value) {
        List<String> flat = graph.node(
                "Split",
                value + ".apart",
                List.of(value, sizes),
                List.of(value + ".sequences.flat", value + ".windows.flat"),
                Attribute.of("axis", 0));
        return new Apart(
                shaped("sequences", value + ".sequences", flat.getFirst()),
                shaped("windows", value + ".windows", flat.getLast()));
    }

    private String shaped(String kind, String node, String flat) {
        return graph.node("Reshape", node, List.of(flat, shape(kind)));
    }

    /** Puts a value of all tokens together. */
    String together(String node, Apart parts) {
        return graph.node("Concat", node, List.of(flat(parts.sequences), flat(parts.windows)), Attribute.of("axis", 0));
    }

    private String flat(String value) {
        return graph.node("Flatten", value + ".rows", List.of(value), Attribute.of("axis", 2));
    }

    /**
     * Values of both kinds of tokens.
     *
     * @param sequences [rows, positions, ..]
     * @param windows [windows, length, ..]
     */
    record Apart(String sequences, String windows) {}
}
