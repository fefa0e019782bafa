package dev.tessera.importer.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a safetensors file: eight bytes of header length, a JSON header, then the tensors without gap or overlap. */
final class Safetensors {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long MAX_HEADER = 100_000_000;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final MemorySegment data;

    private Safetensors(Path file, MemorySegment data) {
        this.file = file;
        this.data = data;
    }

    static Map<String, Tensor> read(Path file, Arena arena) {
        MemorySegment segment = MappedFile.map(file, arena);
        long header = segment.get(LENGTH, 0);
        if (header < 2 || header > MAX_HEADER || header > segment.byteSize() - Long.BYTES) {
            throw new ImportException(
                    Reason.MALFORMED_FILE,
                    file + " claims a header of " + header + " bytes in a file of " + segment.byteSize());
        }
        byte[] json = segment.asSlice(Long.BYTES, header).toArray(ValueLayout.JAVA_BYTE);
        return new Safetensors(file, segment.asSlice(Long.BYTES + header)).tensors(parse(file, json));
    }

    private static JsonNode parse(Path file, byte[] json) {
        try {
            return JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new ImportException(
                    Reason.MALFORMED_FILE, file + " has a header that is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Map<String, Tensor> tensors(JsonNode header) {
        List<Entry> entries = new ArrayList<>();
        header.properties().forEach(property -> {
            if (!property.getKey().equals("__metadata__")) {
                entries.add(entry(property.getKey(), property.getValue()));
            }
        });
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        requireSeamless(entries);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        entries.forEach(entry -> tensors.put(entry.name, tensor(entry)));
        return tensors;
    }

    private Entry entry(String name, JsonNode node) {
        JsonNode offsets = node.path("data_offsets");
        JsonNode shape = node.path("shape");
        if (offsets.size() != 2 || !allWhole(offsets) || !shape.isArray() || !allWhole(shape)) {
            throw malformed(name, "has a broken header entry");
        }
        List<Long> sizes = new ArrayList<>();
        shape.forEach(size -> sizes.add(size.longValue()));
        return new Entry(
                name,
                type(name, node.path("dtype").asText()),
                sizes,
                offsets.get(0).longValue(),
                offsets.get(1).longValue());
    }

    private static boolean allWhole(JsonNode numbers) {
        for (JsonNode number : numbers) {
            if (!number.canConvertToLong() || !number.isIntegralNumber() || number.longValue() < 0) {
                return false;
            }
        }
        return true;
    }

    private ElementType type(String name, String type) {
        return switch (type) {
            case "F64" -> ElementType.FLOAT64;
            case "F32" -> ElementType.FLOAT32;
            case "F16" -> ElementType.FLOAT16;
            case "BF16" -> ElementType.BFLOAT16;
            case "I64" -> ElementType.INT64;
            case "I32" -> ElementType.INT32;
            case "I16" -> ElementType.INT16;
            case "I8" -> ElementType.INT8;
            case "U8" -> ElementType.UINT8;
            case "BOOL" -> ElementType.BOOL;
            default -> throw malformed(name, "has the unknown type '" + type + "'");
        };
    }

    private void requireSeamless(List<Entry> entries) {
        long end = 0;
        for (Entry entry : entries) {
            if (entry.end > data.byteSize()) {
                throw malformed(
                        entry.name, "ends at byte " + entry.end + " of " + data.byteSize() + ": the file is truncated");
            }
            if (entry.begin != end || entry.end < entry.begin) {
                throw malformed(
                        entry.name,
                        "lies at " + entry.begin + ".." + entry.end + ", the one before ends at " + end
                                + ": overlap or gap");
            }
            end = entry.end;
        }
        if (end != data.byteSize()) {
            throw new ImportException(
                    Reason.MALFORMED_FILE, file + " has " + (data.byteSize() - end) + " bytes after its last tensor");
        }
    }

    private Tensor tensor(Entry entry) {
        var tensor = Tensor.contiguous(
                entry.name, entry.type, entry.shape, data.asSlice(entry.begin, entry.end - entry.begin));
        long elements = entry.shape.stream().reduce(1L, Math::multiplyExact);
        if (elements * entry.type.bytes() != entry.end - entry.begin) {
            throw malformed(
                    entry.name,
                    "of shape " + entry.shape + " and type " + entry.type + " lies in " + (entry.end - entry.begin)
                            + " bytes");
        }
        return tensor;
    }

    private ImportException malformed(String tensor, String what) {
        return new ImportException(Reason.MALFORMED_FILE, "tensor '" + tensor + "' in " + file + " " + what);
    }

    private record Entry(String name, ElementType type, List<Long> shape, long begin, long end) {}
}
