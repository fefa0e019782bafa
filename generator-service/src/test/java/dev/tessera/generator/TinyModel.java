package dev.tessera.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.LlamaGenImport;
import dev.tessera.importer.LlamaGenOptions;
import dev.tessera.importer.LlamaGenSources;
import dev.tessera.importer.checkpoint.Checkpoint;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.v1.TextStates;
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
    private static final int TEXT_WIDTH = 32;

    private final Path directory;
    private final JsonNode facts;
    private final ModelBundle bundle;

    private TinyModel(String fixture, ModelBundle bundle) {
        this.directory = directory(fixture);
        this.facts = facts(fixture);
        this.bundle = bundle;
    }

    private static TinyModel imported(String fixture, String gpt, Path target) {
        Path directory = directory(fixture);
        JsonNode facts = facts(fixture);
        LlamaGenSources sources = LlamaGenSources.of(directory.resolve(gpt), directory.resolve("vq.pt"));
        LlamaGenOptions options = LlamaGenOptions.defaults()
                .withHeads(facts.get("heads").intValue())
                .withResolution(facts.get("resolution").intValue());
        boolean text = facts.has("prompts");
        new LlamaGenImport(text ? sources.withTextEncoder(directory.resolve("t5")) : sources, options)
                .run("tiny-" + fixture, target, ImportProgress.SILENT);
        return new TinyModel(fixture, ModelBundle.open(target));
    }

    private static Path directory(String fixture) {
        return Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen", fixture);
    }

    private static JsonNode facts(String fixture) {
        try {
            return new ObjectMapper()
                    .readTree(directory(fixture).resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + fixture + " is missing", e);
        }
    }

    /** @param target where the bundle is written; must not exist */
    public static TinyModel classes(Path target) {
        return imported("classes", "gpt.pt", target);
    }

    /** @param target where the bundle is written; must not exist */
    public static TinyModel text(Path target) {
        return imported("text", "gpt.safetensors", target);
    }

    /** @param bundle what {@link #text(Path)} wrote */
    public static TinyModel openText(Path bundle) {
        return new TinyModel("text", ModelBundle.open(bundle));
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
                : new Condition.OfText(dev.tessera.generator.TextStates.fromHalfFloats(
                        states(sequence).getTokens(),
                        TEXT_WIDTH,
                        states(sequence).getHalfFloats().asReadOnlyByteBuffer()));
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

    /** The sequence's text states, as the tokenizer service sends them. */
    public TextStates states(int sequence) {
        String name = "states." + sequence;
        try (var expected = Checkpoint.open(directory.resolve("expected.safetensors"))) {
            var weights =
                    expected.stateDict(name, List.of()).find(name).orElseThrow().weights();
            float[] values = new float[Math.toIntExact(weights.elements())];
            weights.read(0, values, values.length);
            ByteBuffer halves = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                halves.putShort(Float.floatToFloat16(value));
            }
            return TextStates.newBuilder()
                    .setTokens(values.length / TEXT_WIDTH)
                    .setWidth(TEXT_WIDTH)
                    .setHalfFloats(ByteString.copyFrom(halves.flip()))
                    .build();
        }
    }
}
