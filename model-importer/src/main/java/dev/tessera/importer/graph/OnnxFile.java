package dev.tessera.importer.graph;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.graph.Initializer.Parameters;
import dev.tessera.importer.graph.Initializer.Wholes;
import dev.tessera.importer.graph.OnnxModel.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a graph as {@code <file>} and its weights as {@code <file>.data}. The same graph gives the same bytes. Field
 * numbers are those of the published ONNX schema, IR version 10, operator set 21.
 */
public final class OnnxFile {
    private static final int IR_VERSION = 10;
    private static final int OPERATOR_SET = 21;
    private static final String PRODUCER = "Tessera";
    private static final int EXTERNAL = 1;
    private static final long INLINE_BYTES = 256;

    private final OnnxModel graph;
    private final Path file;

    private OnnxFile(OnnxModel graph, Path file) {
        this.graph = graph;
        this.file = file;
    }

    /** @throws ImportException when a weight is not finite or the disk does not take it */
    public static void write(OnnxModel graph, Path file) {
        new OnnxFile(graph, file).write();
    }

    private void write() {
        Path data = file.resolveSibling(file.getFileName() + ".data");
        try (var weights = new WeightFile(data)) {
            Files.write(file, model(weights).toBytes());
        } catch (IOException e) {
            throw new ImportException(Reason.WRITE_FAILED, file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private ProtobufMessage model(WeightFile weights) throws IOException {
        return new ProtobufMessage()
                .whole(1, IR_VERSION)
                .text(2, PRODUCER)
                .message(7, graph(weights))
                .message(8, new ProtobufMessage().text(1, "").whole(2, OPERATOR_SET))
                .message(8, new ProtobufMessage().text(1, OnnxModel.MICROSOFT).whole(2, 1));
    }

    private ProtobufMessage graph(WeightFile weights) throws IOException {
        var message = new ProtobufMessage();
        graph.nodes().forEach(node -> message.message(1, node(node)));
        message.text(2, graph.name());
        for (Initializer initializer : graph.initializers()) {
            message.message(5, tensor(initializer, weights));
        }
        graph.inputs().forEach(input -> message.message(11, value(input)));
        graph.outputs().forEach(output -> message.message(12, value(output)));
        return message;
    }

    private static ProtobufMessage node(Node node) {
        var message = new ProtobufMessage();
        node.inputs().forEach(input -> message.text(1, input));
        node.outputs().forEach(output -> message.text(2, output));
        message.text(3, node.name()).text(4, node.operator());
        node.attributes().forEach(attribute -> message.message(5, attribute(attribute)));
        return message.text(7, node.domain());
    }

    /** Field 20 is the type of the value: 1 float, 2 int, 3 string, 7 ints. */
    private static ProtobufMessage attribute(Attribute attribute) {
        var message = new ProtobufMessage();
        return switch (attribute) {
            case Attribute.Real real ->
                message.text(1, real.name()).real(2, real.value()).whole(20, 1);
            case Attribute.Whole whole ->
                message.text(1, whole.name()).whole(3, whole.value()).whole(20, 2);
            case Attribute.Text text ->
                message.text(1, text.name()).text(4, text.value()).whole(20, 3);
            case Attribute.Wholes wholes ->
                message.text(1, wholes.name()).wholes(8, wholes.values()).whole(20, 7);
        };
    }

    private static ProtobufMessage value(Value value) {
        var shape = new ProtobufMessage();
        value.shape().forEach(dimension -> shape.message(1, dimension(dimension)));
        var tensor = new ProtobufMessage().whole(1, value.type().code()).message(2, shape);
        return new ProtobufMessage().text(1, value.name()).message(2, new ProtobufMessage().message(1, tensor));
    }

    private static ProtobufMessage dimension(Dimension dimension) {
        return switch (dimension) {
            case Dimension.Fixed fixed -> new ProtobufMessage().whole(1, fixed.length());
            case Dimension.Named named -> new ProtobufMessage().text(2, named.name());
        };
    }

    private static ProtobufMessage tensor(Initializer initializer, WeightFile weights) throws IOException {
        var message = new ProtobufMessage();
        if (!initializer.shape().isEmpty()) {
            message.wholes(1, initializer.shape());
        }
        message.whole(2, initializer.type().code()).text(8, initializer.name());
        return switch (initializer) {
            case Wholes wholes -> message.bytes(9, raw(wholes.values()));
            case Parameters parameters -> withWeights(message, parameters, weights);
        };
    }

    private static ProtobufMessage withWeights(ProtobufMessage message, Parameters parameters, WeightFile weights)
            throws IOException {
        long size = parameters.elements() * parameters.type().bytes();
        if (size <= INLINE_BYTES) {
            return message.bytes(9, WeightFile.inline(parameters));
        }
        long offset = weights.append(parameters);
        return message.message(13, entry("location", weights.name()))
                .message(13, entry("offset", Long.toString(offset)))
                .message(13, entry("length", Long.toString(size)))
                .whole(14, EXTERNAL);
    }

    private static ProtobufMessage entry(String key, String value) {
        return new ProtobufMessage().text(1, key).text(2, value);
    }

    private static byte[] raw(List<Long> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putLong);
        return bytes.array();
    }
}
