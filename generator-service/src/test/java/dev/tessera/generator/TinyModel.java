package dev.tessera.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.LlamaGenImport;
import dev.tessera.importer.LlamaGenOptions;
import dev.tessera.importer.LlamaGenSources;
import dev.tessera.importer.checkpoint.Checkpoint;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A small LlamaGen checkpoint of random weights, imported, with the greedy sequences that an independent PyTorch
 * implementation makes of it ({@code model-importer/src/test/python/make_fixtures.py}).
 */
public final class TinyModel {
    private final Path directory;
    private final JsonNode facts;
    private final ModelBundle bundle;

    private TinyModel(String fixture, String gpt, Path target) {
        directory = Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen", fixture);
        try {
            facts = new ObjectMapper()
                    .readTree(directory.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + fixture + " is missing", e);
        }
        LlamaGenSources sources = LlamaGenSources.of(directory.resolve(gpt), directory.resolve("vq.pt"));
        LlamaGenOptions options = LlamaGenOptions.defaults()
                .withHeads(facts.get("heads").intValue())
                .withResolution(facts.get("resolution").intValue());
        boolean text = facts.has("prompts");
        new LlamaGenImport(text ? sources.withTextEncoder(directory.resolve("t5")) : sources, options)
                .run("tiny-" + fixture, target, ImportProgress.SILENT);
        bundle = ModelBundle.open(target);
    }

    /** @param target where the bundle is written; must not exist */
    public static TinyModel classes(Path target) {
        return new TinyModel("classes", "gpt.pt", target);
    }

    /** @param target where the bundle is written; must not exist */
    public static TinyModel text(Path target) {
        return new TinyModel("text", "gpt.safetensors", target);
    }

    public ModelBundle bundle() {
        return bundle;
    }

    public float guidance() {
        return facts.get("guidance").floatValue();
    }

    /** How many greedy sequences there are. */
    public int sequences() {
        return facts.get("tokens").size();
    }

    /** What the sequence is conditioned on. */
    public Condition condition(int sequence) {
        return facts.has("classes")
                ? new Condition.OfClass(facts.get("classes").get(sequence).intValue())
                : new Condition.OfText(states("states." + sequence));
    }

    /** The sequence, as PyTorch made it. */
    public TokenGrid expected(int sequence) {
        JsonNode tokens = facts.get("tokens").get(sequence);
        int side = facts.get("grid").intValue();
        int[] ids = IntStream.range(0, tokens.size())
                .map(i -> tokens.get(i).intValue())
                .toArray();
        return new TokenGrid(side, side, bundle.manifest().codebook().size(), ids);
    }

    private TextStates states(String name) {
        try (var expected = Checkpoint.open(directory.resolve("expected.safetensors"))) {
            var weights =
                    expected.stateDict(name, List.of()).find(name).orElseThrow().weights();
            float[] values = new float[Math.toIntExact(weights.elements())];
            weights.read(0, values, values.length);
            ByteBuffer halves = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                halves.putShort(Float.floatToFloat16(value));
            }
            int width = 32;
            return TextStates.fromHalfFloats(values.length / width, width, halves.flip());
        }
    }
}
