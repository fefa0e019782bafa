package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.LlamaGenImport;
import dev.tessera.importer.LlamaGenOptions;
import dev.tessera.importer.LlamaGenSources;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;

/**
 * A tiny LlamaGen checkpoint of random weights, with values that an independent PyTorch implementation computed from it
 * ({@code model-importer/src/test/python/make_fixtures.py}).
 */
public final class TinyLlamaGen {
    private final Reference reference;

    private TinyLlamaGen(String fixture) {
        reference = Reference.of("llamagen", fixture);
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
        return importTo(target, name, LlamaGenOptions.defaults());
    }

    /** As {@link #importTo(Path, String)}, with attention in 16 bits. */
    public ModelBundle importHalfTo(Path target, String name) {
        return importTo(target, name, LlamaGenOptions.defaults().withHalfAttention(true));
    }

    private ModelBundle importTo(Path target, String name, LlamaGenOptions published) {
        LlamaGenOptions options = published
                .withHeads(reference.facts().get("heads").intValue())
                .withResolution(reference.facts().get("resolution").intValue());
        new LlamaGenImport(sources(), options).run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    /** What was computed, but for tensors: prompts or classes, greedy tokens, settings. */
    public JsonNode facts() {
        return reference.facts().deepCopy();
    }

    /** Reference values in row-major order. */
    public float[] expected(String tensor) {
        return reference.tensor(tensor);
    }

    private LlamaGenSources sources() {
        Path tokenizer = reference.folder().resolve("vq.pt");
        return reference.facts().has("prompts")
                ? LlamaGenSources.of(reference.folder().resolve("gpt.safetensors"), tokenizer)
                        .withTextEncoder(reference.folder().resolve("t5"))
                : LlamaGenSources.of(reference.folder().resolve("gpt.pt"), tokenizer);
    }
}
