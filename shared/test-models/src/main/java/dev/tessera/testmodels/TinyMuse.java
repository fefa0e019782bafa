package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.MuseImport;
import dev.tessera.importer.MuseOptions;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A tiny Muse checkpoint of random weights whose base grid of 4 × 4 becomes one of 8 × 8, with values that an independent
 * PyTorch implementation computed from it ({@code model-importer/src/test/python/make_superres_fixtures.py}).
 */
public final class TinyMuse {
    private static final int BASE_CODES = 64;

    private final Reference reference;
    private final int codes;

    private TinyMuse(String fixture, int codes) {
        this.reference = Reference.of("superres", fixture);
        this.codes = codes;
    }

    /** With layers over the base grid and an image tokenizer for each grid; base and finished picture are of one size. */
    public static TinyMuse layered() {
        return new TinyMuse("layered", 96);
    }

    /** With neither; the finished picture's sides are twice the base picture's. */
    public static TinyMuse plain() {
        return new TinyMuse("plain", BASE_CODES);
    }

    /** Imports it into a folder that does not exist yet, as a model of that name and in the reference's steps. */
    public ModelBundle importTo(Path target, String name) {
        MuseOptions options = MuseOptions.defaults().withSteps(fact("steps").intValue());
        new MuseImport(reference.folder(), options).run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    /** Of the base; the super-resolution's is the bundle's. */
    public float guidance() {
        return fact("guidance").floatValue();
    }

    public int images() {
        return fact("prompts").size();
    }

    public String prompt(int image) {
        return fact("prompts").get(image).asText();
    }

    /** Maybe empty. */
    public String negativePrompt(int image) {
        return fact("negatives").get(image).asText();
    }

    /** The prompt's states, padded tokens × width. */
    public float[] states(int image) {
        return reference.tensor("states." + image);
    }

    /** The negative prompt's. */
    public float[] negativeStates(int image) {
        return reference.tensor("negative_states." + image);
    }

    /** The base grid's greedy tokens. */
    public TokenGrid baseTokens(int image) {
        return grid(fact("side").intValue(), BASE_CODES, fact("base_tokens").get(image));
    }

    /** The finished grid's greedy tokens, made of {@link #baseTokens}. */
    public TokenGrid tokens(int image) {
        return grid(fact("fine_side").intValue(), codes, fact("tokens").get(image));
    }

    /** The finished image, 3 × height × width in 0 to 1, as the reference has it. */
    public float[] pixels(int image) {
        return reference.tensor("pixels." + image);
    }

    private static TokenGrid grid(int side, int codebook, JsonNode tokens) {
        int[] ids = IntStream.range(0, tokens.size())
                .map(cell -> tokens.get(cell).intValue())
                .toArray();
        return new TokenGrid(side, side, codebook, ids);
    }

    private JsonNode fact(String name) {
        return reference.facts().get(name);
    }
}
