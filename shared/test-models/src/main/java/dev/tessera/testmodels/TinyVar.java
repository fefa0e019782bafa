package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.VarImport;
import dev.tessera.importer.VarOptions;
import dev.tessera.importer.checkpoint.Checkpoint;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A tiny VAR checkpoint of random weights, with values that an independent PyTorch implementation computed from it
 * ({@code model-importer/src/test/python/make_var_fixtures.py}).
 */
public final class TinyVar {
    private static final Path FIXTURES =
            Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/var");
    private static final int CODES = 64;

    private final Path folder;
    private final JsonNode facts;

    private TinyVar(String fixture) {
        folder = FIXTURES.resolve(fixture);
        try {
            facts = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + fixture + " is missing", e);
        }
    }

    /** A projection of the class for each layer; four scales, three images. */
    public static TinyVar plain() {
        return new TinyVar("plain");
    }

    /** One projection of the class for all layers, as in VAR-d36; the ten published scales, one image. */
    public static TinyVar shared() {
        return new TinyVar("shared");
    }

    /** Attention without unit queries; four scales, two images. */
    public static TinyVar unscaled() {
        return new TinyVar("unscaled");
    }

    /** Imports it into a folder that does not exist yet, as a model of that name. */
    public ModelBundle importTo(Path target, String name) {
        new VarImport(folder.resolve("var.pth"), folder.resolve("vae.pth"), VarOptions.defaults())
                .run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    /** Guidance of the images, as VAR means it. */
    public float cfg() {
        return facts.get("cfg").floatValue();
    }

    public int images() {
        return facts.get("classes").size();
    }

    public int classOf(int image) {
        return facts.get("classes").get(image).intValue();
    }

    /** The image's greedy tokens. */
    public TokenGrid tokens(int image) {
        return TokenGrid.ofScales(
                list(facts.get("scales")),
                CODES,
                IntStream.range(0, facts.get("tokens").get(image).size())
                        .map(cell -> facts.get("tokens").get(image).get(cell).intValue())
                        .toArray());
    }

    /** The image itself, 3 × height × width in -1 to 1. */
    public float[] pixels(int image) {
        String tensor = "pixels." + image;
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

    private static List<Integer> list(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .map(JsonNode::intValue)
                .toList();
    }
}
