package dev.tessera.testmodels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.VarImport;
import dev.tessera.importer.VarOptions;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A tiny VAR checkpoint of random weights, with values that an independent PyTorch implementation computed from it
 * ({@code model-importer/src/test/python/make_var_fixtures.py}, {@code make_var_encodings.py} and
 * {@code make_var_smooth.py}).
 */
public final class TinyVar {
    private static final int CODES = 64;
    private static final int CLASSES = 10;

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
        return grid(reference.facts().get("tokens").get(image));
    }

    /** The image itself, 3 × height × width in -1 to 1. */
    public float[] pixels(int image) {
        return reference.tensor("pixels." + image);
    }

    /** A picture of the model's size: red, green and blue of each pixel. */
    public byte[] picture() {
        List<Integer> values = list(encoded().get("rgb"));
        byte[] rgb = new byte[values.size()];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = values.get(i).byteValue();
        }
        return rgb;
    }

    /** What the model's own image encoder makes of the picture. */
    public TokenGrid pictureTokens() {
        return grid(encoded().get("tokens"));
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
     * @param classId one past the last class for none
     * @param cfg guidance, as VAR means it
     * @param tokens that come out
     */
    public record Edit(int classId, float cfg, CellMask redrawn, TokenGrid tokens) {
        /** Whether it is of no class. */
        public boolean unconditional() {
            return classId == CLASSES;
        }
    }

    private Edit edit(JsonNode edit) {
        return new Edit(
                edit.get("class").intValue(),
                edit.get("cfg").floatValue(),
                mask(edit.get("redrawn")),
                grid(edit.get("tokens")));
    }

    private static CellMask mask(JsonNode ofCells) {
        List<Integer> cells = list(ofCells);
        byte[] redrawn = new byte[cells.size()];
        for (int i = 0; i < redrawn.length; i++) {
            redrawn[i] = cells.get(i).byteValue();
        }
        int side = (int) Math.round(Math.sqrt(redrawn.length));
        return new CellMask(side, side, redrawn);
    }

    /** How the smooth images are drawn. */
    public SamplingParameters smoothSampling() {
        JsonNode facts = reference.facts("smooth.json");
        return new SamplingParameters(
                facts.get("cfg").floatValue(),
                1,
                facts.get("top_k").intValue(),
                facts.get("top_p").floatValue(),
                true);
    }

    /** Images of blended code vectors: the first of a model of four scales from nothing, the others of the encoded picture, of which a part stays. */
    public List<SmoothImage> smoothImages() {
        JsonNode images = reference.facts("smooth.json").get("images");
        return IntStream.range(0, images.size())
                .mapToObj(i -> new SmoothImage(this, images.get(i), i))
                .toList();
    }

    /** An image of blended code vectors by the reference, with the noise of the counter-based generator. */
    public static final class SmoothImage {
        private final TinyVar model;
        private final JsonNode facts;
        private final int index;

        private SmoothImage(TinyVar model, JsonNode facts, int index) {
            this.model = model;
            this.facts = facts;
            this.index = index;
        }

        public long seed() {
            return facts.get("seed").longValue();
        }

        /** One past the last class for none. */
        public int classId() {
            return facts.get("class").intValue();
        }

        /** Whether it is of no class. */
        public boolean unconditional() {
            return classId() == CLASSES;
        }

        /** Which cells of the encoded picture are drawn anew; empty where the image begins with nothing. */
        public Optional<CellMask> redrawn() {
            return facts.has("redrawn") ? Optional.of(mask(facts.get("redrawn"))) : Optional.empty();
        }

        /** Of each cell the code that it has most of. */
        public TokenGrid tokens() {
            return model.grid(facts.get("tokens"));
        }

        /** [dimensions, side, side] */
        public float[] latent() {
            return model.reference.tensor("smooth.safetensors", "latent." + index);
        }

        /** 3 × height × width in -1 to 1. */
        public float[] pixels() {
            return model.reference.tensor("smooth.safetensors", "pixels." + index);
        }
    }

    private JsonNode encoded() {
        return reference.facts("encoded.json");
    }

    private TokenGrid grid(JsonNode ids) {
        return TokenGrid.ofScales(
                list(reference.facts().get("scales")),
                CODES,
                list(ids).stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<Integer> list(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .map(JsonNode::intValue)
                .toList();
    }
}
