package dev.tessera.testmodels;

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

/**
 * A tiny LlamaGen checkpoint of random weights, with values that an independent PyTorch implementation computed from it
 * ({@code model-importer/src/test/python/make_fixtures.py}).
 */
public final class TinyLlamaGen {
    private static final Path FIXTURES =
            Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen");

    private final Path folder;
    private final JsonNode facts;

    private TinyLlamaGen(String fixture) {
        folder = FIXTURES.resolve(fixture);
        try {
            facts = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + fixture + " is missing", e);
        }
    }

    /** Conditioned on a class. */
    public static TinyLlamaGen classes() {
        return new TinyLlamaGen("classes");
    }

    /** Conditioned on text, with its text encoder. */
    public static TinyLlamaGen text() {
        return new TinyLlamaGen("text");
    }

    /** Imports it into a folder that does not exist yet, as a model of that name. */
    public ModelBundle importTo(Path target, String name) {
        LlamaGenOptions options = LlamaGenOptions.defaults()
                .withHeads(facts.get("heads").intValue())
                .withResolution(facts.get("resolution").intValue());
        new LlamaGenImport(sources(), options).run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    /** What was computed, but for tensors: prompts or classes, greedy tokens, settings. */
    public JsonNode facts() {
        return facts.deepCopy();
    }

    /** Reference values in row-major order. */
    public float[] expected(String tensor) {
        try (Checkpoint expected = Checkpoint.open(folder.resolve("expected.safetensors"))) {
            var weights = expected.stateDict(tensor, List.of())
                    .find(tensor)
                    .orElseThrow()
                    .weights();
            float[] values = new float[Math.toIntExact(weights.elements())];
            weights.read(0, values, values.length);
            return values;
        }
    }

    private LlamaGenSources sources() {
        Path tokenizer = folder.resolve("vq.pt");
        return facts.has("prompts")
                ? LlamaGenSources.of(folder.resolve("gpt.safetensors"), tokenizer)
                        .withTextEncoder(folder.resolve("t5"))
                : LlamaGenSources.of(folder.resolve("gpt.pt"), tokenizer);
    }
}
