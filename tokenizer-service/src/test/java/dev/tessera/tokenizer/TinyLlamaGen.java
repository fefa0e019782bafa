package dev.tessera.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.LlamaGenImport;
import dev.tessera.importer.LlamaGenOptions;
import dev.tessera.importer.LlamaGenSources;
import dev.tessera.importer.checkpoint.Checkpoint;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The importer's tiny LlamaGen checkpoint of random weights, with values of an independent implementation. */
public final class TinyLlamaGen {
    private static final Path FOLDER =
            Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen/text");

    private TinyLlamaGen() {}

    /** Imports it into a folder that does not exist yet, as a model of that name. */
    public static ModelBundle importTo(Path target, String name) {
        LlamaGenOptions options = LlamaGenOptions.defaults()
                .withHeads(facts().get("heads").intValue())
                .withResolution(facts().get("resolution").intValue());
        LlamaGenSources sources = LlamaGenSources.of(FOLDER.resolve("gpt.safetensors"), FOLDER.resolve("vq.pt"))
                .withTextEncoder(FOLDER.resolve("t5"));
        new LlamaGenImport(sources, options).run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    public static JsonNode facts() {
        try {
            return new ObjectMapper().readTree(FOLDER.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the reference values are missing", e);
        }
    }

    /** Reference values in row-major order. */
    public static float[] expected(String tensor) {
        try (Checkpoint expected = Checkpoint.open(FOLDER.resolve("expected.safetensors"))) {
            var weights = expected.stateDict(tensor, List.of())
                    .find(tensor)
                    .orElseThrow()
                    .weights();
            float[] values = new float[Math.toIntExact(weights.elements())];
            weights.read(0, values, values.length);
            return values;
        }
    }
}
