package dev.tessera.importer.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The index of a sharded safetensors checkpoint: which tensor lies in which file beside it.
 *
 * @param shards tensor names to file names
 */
record ShardIndex(Path index, Map<String, String> shards) {
    static ShardIndex read(Path index) {
        JsonNode map;
        try {
            map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
        } catch (IOException e) {
            throw new ImportException(
                    Reason.MALFORMED_FILE, index + " is not a safetensors index: " + e.getMessage(), e);
        }
        Map<String, String> shards = new TreeMap<>();
        map.properties()
                .forEach(entry -> shards.put(
                        entry.getKey(), plainName(index, entry.getValue().asText())));
        if (shards.isEmpty()) {
            throw new ImportException(Reason.MALFORMED_FILE, index + " has no weight_map");
        }
        return new ShardIndex(index, shards);
    }

    private static String plainName(Path index, String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith(".")) {
            throw new ImportException(
                    Reason.MALFORMED_FILE, index + " names the shard '" + name + "', which is not a file beside it");
        }
        return name;
    }

    /** The index itself, then the shards in the order of their names. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(index));
        new TreeSet<>(shards.values()).forEach(shard -> files.add(index.resolveSibling(shard)));
        return files;
    }

    Map<String, Tensor> tensors(Arena arena) {
        Map<String, Map<String, Tensor>> open = new TreeMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        shards.forEach((name, shard) -> {
            Tensor tensor = open.computeIfAbsent(shard, file -> Safetensors.read(index.resolveSibling(file), arena))
                    .get(name);
            if (tensor == null) {
                throw new ImportException(
                        Reason.MISSING_TENSOR,
                        "tensor '" + name + "' is not in " + shard + ", where " + index + " says it is");
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }
}
