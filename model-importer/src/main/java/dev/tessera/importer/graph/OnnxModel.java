package dev.tessera.importer.graph;

import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.Initializer.Parameters;
import dev.tessera.importer.graph.Initializer.Wholes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph under construction. A value is known by its name, and a node with one output has that output's name. Nodes
 * are added in an order in which they can run.
 */
public final class OnnxModel {
    /** The domain of ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    private final String name;
    private final WeightStorage storage;
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Initializer> initializers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    public OnnxModel(String name, WeightStorage storage) {
        this.name = name;
        this.storage = storage;
    }

    public String input(String value, DataType type, Dimension... shape) {
        inputs.add(new Value(unique(value), type, List.of(shape)));
        return value;
    }

    /** Makes the value of that name an output. */
    public void output(String value, DataType type, Dimension... shape) {
        outputs.add(new Value(value, type, List.of(shape)));
    }

    /** An ONNX operator with one output, called as the node. */
    public String node(String operator, String node, List<String> ins, Attribute... attributes) {
        return add("", operator, node, ins, List.of(node), attributes).getFirst();
    }

    /** An ONNX operator with any outputs. */
    public List<String> node(
            String operator, String node, List<String> ins, List<String> outs, Attribute... attributes) {
        return add("", operator, node, ins, outs, attributes);
    }

    /** An operator of ONNX Runtime with one output, called as the node. */
    public String runtimeNode(String operator, String node, List<String> ins, Attribute... attributes) {
        return add(MICROSOFT, operator, node, ins, List.of(node), attributes).getFirst();
    }

    /** An operator of ONNX Runtime with any outputs; an empty name is an output left out. */
    public List<String> runtimeNode(
            String operator, String node, List<String> ins, List<String> outs, Attribute... attributes) {
        return add(MICROSOFT, operator, node, ins, outs, attributes);
    }

    private List<String> add(
            String domain, String operator, String node, List<String> ins, List<String> outs, Attribute... attributes) {
        outs.stream().filter(out -> !out.isEmpty()).forEach(this::unique);
        nodes.add(new Node(node, domain, operator, ins, outs, Arrays.asList(attributes)));
        return outs;
    }

    /** A list of whole numbers, shape {@code [n]}. */
    public String wholes(String constant, long... values) {
        List<Long> list = Arrays.stream(values).boxed().toList();
        initializers.add(new Wholes(unique(constant), List.of((long) values.length), list));
        return constant;
    }

    /** A table of whole numbers. */
    public String wholes(String constant, List<Long> shape, List<Long> values) {
        initializers.add(new Wholes(unique(constant), List.copyOf(shape), List.copyOf(values)));
        return constant;
    }

    /** One number. */
    public String scalar(String constant, float value) {
        return table(constant, List.of(), new ComputedWeights(constant, new float[] {value}));
    }

    /** Weights that stay in 32 bits. */
    public String table(String constant, List<Long> shape, Weights weights) {
        initializers.add(new Parameters(unique(constant), shape, DataType.FLOAT, List.of(weights)));
        return constant;
    }

    /** Numbers that are whole and fit into eight bits. */
    String bytes(String constant, DataType type, List<Long> shape, Weights numbers) {
        initializers.add(new Parameters(unique(constant), shape, type, List.of(numbers)));
        return constant;
    }

    /** Weights of a layer, stored as {@link WeightStorage} says; several parts lie one below the other. */
    public String weights(String constant, List<Long> shape, Weights... parts) {
        if (storage == WeightStorage.FP32 || shape.size() < 2) {
            initializers.add(new Parameters(unique(constant), shape, DataType.FLOAT, List.of(parts)));
            return constant;
        }
        String half = unique(constant + ".fp16");
        initializers.add(new Parameters(half, shape, DataType.FLOAT16, List.of(parts)));
        return node("Cast", constant, List.of(half), Attribute.of("to", DataType.FLOAT.code()));
    }

    private String unique(String value) {
        if (!names.add(value)) {
            throw new IllegalArgumentException("two values are called " + value);
        }
        return value;
    }

    public String name() {
        return name;
    }

    List<Value> inputs() {
        return Collections.unmodifiableList(inputs);
    }

    List<Value> outputs() {
        return Collections.unmodifiableList(outputs);
    }

    List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    List<Initializer> initializers() {
        return Collections.unmodifiableList(initializers);
    }

    record Value(String name, DataType type, List<Dimension> shape) {}
}
