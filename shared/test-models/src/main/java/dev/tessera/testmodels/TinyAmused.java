package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.AmusedImport;
import dev.tessera.importer.AmusedOptions;
import dev.tessera.importer.ImportProgress;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A tiny aMUSEd checkpoint of random weights, with values that an independent PyTorch implementation computed from it
 * ({@code model-importer/src/test/python/make_masked_fixtures.py}).
 */
public final class TinyAmused {
    private static final int CODES = 64;

    private final Reference reference;

    private TinyAmused(String fixture) {
        reference = Reference.of("masked", fixture);
    }

    /** Built as for 256 pixels; a cosine schedule and strong guidance. */
    public static TinyAmused plain() {
        return new TinyAmused("plain");
    }

    /** Built as for 512 pixels, with layers on half the grid's side; a linear schedule. */
    public static TinyAmused halved() {
        return new TinyAmused("halved");
    }

    /** Imports it into a folder that does not exist yet, as a model of that name. */
    public ModelBundle importTo(Path target, String name) {
        new AmusedImport(reference.folder(), AmusedOptions.defaults()).run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    public float guidance() {
        return reference.facts().get("guidance").floatValue();
    }

    public int steps() {
        return reference.facts().get("steps").intValue();
    }

    /** Cosine or linear. */
    public String schedule() {
        return reference.facts().get("schedule").asText();
    }

    public int images() {
        return reference.facts().get("prompts").size();
    }

    public String prompt(int image) {
        return reference.facts().get("prompts").get(image).asText();
    }

    /** Maybe empty. */
    public String negativePrompt(int image) {
        return reference.facts().get("negatives").get(image).asText();
    }

    /** The prompt's states, 77 × width. */
    public float[] states(int image) {
        return reference.tensor("states." + image);
    }

    public float[] pooled(int image) {
        return reference.tensor("pooled." + image);
    }

    /** The negative prompt's states, 77 × width. */
    public float[] negativeStates(int image) {
        return reference.tensor("negative_states." + image);
    }

    public float[] negativePooled(int image) {
        return reference.tensor("negative_pooled." + image);
    }

    /** The image's greedy tokens. */
    public TokenGrid tokens(int image) {
        return grid(reference.facts().get("tokens").get(image));
    }

    /** The tokens of the picture that the reference encoded and edited. */
    public TokenGrid pictureTokens() {
        return grid(reference.facts().get("codes"));
    }

    /** Of the picture, the cells that the edit draws anew. */
    public CellMask redrawn() {
        int side = reference.facts().get("side").intValue();
        byte[] cells = new byte[side * side];
        Arrays.fill(cells, reference.facts().get("edited").get("first").intValue(), cells.length, (byte) 1);
        return new CellMask(side, side, cells);
    }

    /** The edited picture's greedy tokens, with the first image's prompts. */
    public TokenGrid editedTokens() {
        return grid(reference.facts().get("edited").get("tokens"));
    }

    /** Greedy edits of the picture by strength, with the first image's prompts. */
    public List<Edit> varied() {
        return edits("varied", "strength");
    }

    /** Greedy edits of the picture without a mask, with the first image's prompts. */
    public List<Edit> resampled() {
        return edits("resampled", "share");
    }

    private List<Edit> edits(String kind, String share) {
        return StreamSupport.stream(reference.facts("edits.json").get(kind).spliterator(), false)
                .map(edit -> new Edit(
                        edit.get(share).floatValue(),
                        edit.path("steps").asInt(steps()),
                        edit.get("seed").longValue(),
                        grid(edit.get("tokens"))))
                .toList();
    }

    /**
     * An edit by the reference, of {@code make_masked_edits.py}.
     *
     * @param share the strength, or how much each step draws anew
     */
    public record Edit(float share, int steps, long seed, TokenGrid tokens) {}

    private TokenGrid grid(JsonNode tokens) {
        int side = reference.facts().get("side").intValue();
        return new TokenGrid(
                side,
                side,
                CODES,
                IntStream.range(0, tokens.size())
                        .map(cell -> tokens.get(cell).intValue())
                        .toArray());
    }

    /** The image itself, 3 × height × width in 0 to 1, as the reference has it. */
    public float[] pixels(int image) {
        return reference.tensor("pixels." + image);
    }
}
