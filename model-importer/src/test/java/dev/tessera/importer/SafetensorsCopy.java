package dev.tessera.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A safetensors file of a fixture, to be written again with another header over the same numbers, or with other numbers. */
final class SafetensorsCopy {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode header;
    private final ByteBuffer data;

    private SafetensorsCopy(ObjectNode header, ByteBuffer data) {
        this.header = header;
        this.data = data;
    }

    static SafetensorsCopy of(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(json);
        return new SafetensorsCopy(
                (ObjectNode) JSON.readTree(json), bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    List<String> names() {
        return header.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals("__metadata__"))
                .toList();
    }

    void rename(String tensor, String name) {
        header.set(name, header.remove(tensor));
    }

    /** Makes two tensors of one, at the middle of the first axis. */
    void split(String tensor, String first, String second) {
        JsonNode whole = header.remove(tensor);
        long begin = whole.path("data_offsets").path(0).longValue();
        long end = whole.path("data_offsets").path(1).longValue();
        header.set(first, half(whole, begin, (begin + end) / 2));
        header.set(second, half(whole, (begin + end) / 2, end));
    }

    private static JsonNode half(JsonNode whole, long begin, long end) {
        ObjectNode half = whole.deepCopy();
        ArrayNode shape = (ArrayNode) half.path("shape");
        shape.set(0, shape.path(0).longValue() / 2);
        half.putArray("data_offsets").add(begin).add(end);
        return half;
    }

    /** Sets the last weight of a tensor, whose type must be BF16. */
    void setLast(String tensor, float weight) {
        JsonNode entry = header.path(tensor);
        if (!entry.path("dtype").asText().equals("BF16")) {
            throw new IllegalArgumentException(tensor + " is " + entry.path("dtype"));
        }
        int end = entry.path("data_offsets").path(1).intValue();
        data.putShort(end - Short.BYTES, (short) (Float.floatToIntBits(weight) >>> Short.SIZE));
    }

    void write(Path file) throws IOException {
        byte[] json = JSON.writeValueAsBytes(header);
        ByteBuffer out =
                ByteBuffer.allocate(Long.BYTES + json.length + data.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json).put(data.duplicate().rewind());
        Files.write(file, out.array());
    }
}
