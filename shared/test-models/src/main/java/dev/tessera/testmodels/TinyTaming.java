package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.TamingImport;
import dev.tessera.importer.TamingOptions;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A tiny VQGAN + GPT checkpoint of random weights with a window of 4 × 4 tokens, with values that an independent PyTorch
 * implementation computed from it ({@code model-importer/src/test/python/make_taming_fixtures.py}). Its last image is
 * larger than the window. Pictures and edits are of {@code make_taming_edits.py}.
 */
public final class TinyTaming {
    private static final int CONDITION_CODES = 32;
    private static final int LABELS = 5;

    private final Reference reference;

    private TinyTaming(String fixture) {
        reference = Reference.of("taming", fixture);
    }

    /** Of ten classes; four pixels to a token. */
    public static TinyTaming classes() {
        return new TinyTaming("class");
    }

    /** Of no condition, with a Gumbel quantiser; two pixels to a token. */
    public static TinyTaming start() {
        return new TinyTaming("start");
    }

    /** Of a map of five labels; two pixels to a token. */
    public static TinyTaming segmentation() {
        return new TinyTaming("segmentation");
    }

    /** Of a depth map; two pixels to a token. */
    public static TinyTaming depth() {
        return new TinyTaming("depth");
    }

    /** Imports it into a folder that does not exist yet, as a model of that name. */
    public ModelBundle importTo(Path target, String name) {
        new TamingImport(
                        reference.folder().resolve("last.ckpt"),
                        reference.folder().resolve("project.yaml"),
                        TamingOptions.defaults())
                .run(name, target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    public int images() {
        return reference.facts().get("images").size();
    }

    /** Of a class model. */
    public int classOf(int image) {
        return condition(image)[0];
    }

    /** Of a model that is conditioned on a map. */
    public TokenGrid mapOf(int image) {
        return new TokenGrid(rows(image), columns(image), CONDITION_CODES, condition(image));
    }

    /** Of a segmentation model: the label of each pixel of the image's map, row-major. */
    public byte[] labels(int image) {
        float[] channels = reference.tensor("condition." + image);
        byte[] labels = new byte[channels.length / LABELS];
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] == 1) {
                labels[i % labels.length] = (byte) (i / labels.length);
            }
        }
        return labels;
    }

    /** The image's greedy tokens. */
    public TokenGrid tokens(int image) {
        int codes = reference.facts().get("codes").intValue();
        return new TokenGrid(rows(image), columns(image), codes, integers(image, "tokens"));
    }

    /** The image itself, 3 × height × width in about -1 to 1. */
    public float[] pixels(int image) {
        return reference.tensor("pixels." + image);
    }

    /** A picture of {@link #pictureTokens}' size: red, green and blue of each pixel. There is one of classes and of labels. */
    public byte[] picture() {
        int[] values = integers(encoded().get("rgb"));
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) values[i];
        }
        return rgb;
    }

    /** What the model's own image encoder makes of the picture. */
    public TokenGrid pictureTokens() {
        return encodedGrid(encoded().get("tokens"));
    }

    /** Greedy edits of the picture's tokens. */
    public List<Edit> edits() {
        return StreamSupport.stream(encoded().get("edits").spliterator(), false)
                .map(this::edit)
                .toList();
    }

    /**
     * An edit by the reference.
     *
     * @param condition the class, or the tokens of the last image's map
     * @param tokens that come out
     */
    public record Edit(TokenGrid condition, CellMask redrawn, TokenGrid tokens) {}

    private Edit edit(JsonNode edit) {
        TokenGrid tokens = encodedGrid(edit.get("tokens"));
        int[] condition = integers(edit.get("condition"));
        byte[] redrawn = new byte[tokens.size()];
        for (int i = 0; i < redrawn.length; i++) {
            redrawn[i] = (byte) edit.get("redrawn").get(i).intValue();
        }
        return new Edit(
                condition.length == 1
                        ? new TokenGrid(1, 1, CONDITION_CODES, condition)
                        : new TokenGrid(tokens.rows(), tokens.columns(), CONDITION_CODES, condition),
                new CellMask(tokens.rows(), tokens.columns(), redrawn),
                tokens);
    }

    private TokenGrid encodedGrid(JsonNode ids) {
        return new TokenGrid(
                encoded().get("rows").intValue(),
                encoded().get("columns").intValue(),
                reference.facts().get("codes").intValue(),
                integers(ids));
    }

    private JsonNode encoded() {
        return reference.facts("encoded.json");
    }

    private int rows(int image) {
        return reference.facts().get("images").get(image).get("rows").intValue();
    }

    private int columns(int image) {
        return reference.facts().get("images").get(image).get("columns").intValue();
    }

    private int[] condition(int image) {
        return integers(image, "condition");
    }

    private int[] integers(int image, String fact) {
        return integers(reference.facts().get("images").get(image).get(fact));
    }

    private static int[] integers(JsonNode values) {
        return IntStream.range(0, values.size())
                .map(i -> values.get(i).intValue())
                .toArray();
    }
}
