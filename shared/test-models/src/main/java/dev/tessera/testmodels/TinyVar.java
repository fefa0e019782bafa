package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.VarImport;
import dev.tessera.importer.VarOptions;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A tiny VAR checkpoint of random weights, with values that an independent PyTorch implementation computed from it
 * ({@code model-importer/src/test/python/make_var_fixtures.py}).
 */
public final class TinyVar {
    private static final int CODES = 64;

    private final Reference reference;

    private TinyVar(String fixture) {
        reference = Reference.of("var", fixture);
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
        new VarImport(
                        reference.folder().resolve("var.pth"),
                        reference.folder().resolve("vae.pth"),
                        VarOptions.defaults())
                .run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    /** Guidance of the images, as VAR means it. */
    public float cfg() {
        return reference.facts().get("cfg").floatValue();
    }

    public int images() {
        return reference.facts().get("classes").size();
    }

    public int classOf(int image) {
        return reference.facts().get("classes").get(image).intValue();
    }

    /** The image's greedy tokens. */
    public TokenGrid tokens(int image) {
        return TokenGrid.ofScales(
                list(reference.facts().get("scales")),
                CODES,
                IntStream.range(0, reference.facts().get("tokens").get(image).size())
                        .map(cell -> reference
                                .facts()
                                .get("tokens")
                                .get(image)
                                .get(cell)
                                .intValue())
                        .toArray());
    }

    /** The image itself, 3 × height × width in -1 to 1. */
    public float[] pixels(int image) {
        return reference.tensor("pixels." + image);
    }

    private static List<Integer> list(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .map(JsonNode::intValue)
                .toList();
    }
}
