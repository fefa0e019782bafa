package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.TamingImport;
import dev.tessera.importer.TamingOptions;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A tiny VQGAN + GPT checkpoint of random weights with a window of 4 × 4 tokens, with values that an independent PyTorch
 * implementation computed from it ({@code model-importer/src/test/python/make_taming_fixtures.py}). Its last image is
 * larger than the window.
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
        JsonNode values = reference.facts().get("images").get(image).get(fact);
        return IntStream.range(0, values.size())
                .map(i -> values.get(i).intValue())
                .toArray();
    }
}
