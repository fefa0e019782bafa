package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint in a folder of the importer's fixtures, with what an independent implementation computed from it. */
record Reference(Path folder, JsonNode facts) {
    private static final Path FIXTURES =
            Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources");

    static Reference of(String family, String fixture) {
        Path folder = FIXTURES.resolve(family).resolve(fixture);
        return new Reference(folder, json(folder.resolve("expected.json")));
    }

    /** What another file of the folder says. */
    JsonNode facts(String file) {
        return json(folder.resolve(file));
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + file + " is missing", e);
        }
    }

    /** Values in row-major order. */
    float[] tensor(String name) {
        return tensor("expected.safetensors", name);
    }

    /** Values of another file of the folder, in row-major order. */
    float[] tensor(String file, String name) {
        try (Checkpoint expected = Checkpoint.open(folder.resolve(file))) {
            var weights =
                    expected.stateDict(name, List.of()).find(name).orElseThrow().weights();
            float[] values = new float[Math.toIntExact(weights.elements())];
            weights.read(0, values, values.length);
            return values;
        }
    }
}
