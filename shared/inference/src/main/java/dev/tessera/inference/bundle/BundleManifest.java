package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code bundle.yaml} says of a model: what it is, what it takes, and which files it vouches for.
 *
 * @param format version of the bundle layout, {@value #FORMAT} today
 * @param name the model's name in requests and topics: lower case letters, digits, dots and dashes
 * @param stages the stages a job of this model passes, in order
 * @param image size of an image whose request names none
 * @param grid that the generator draws for such an image
 * @param codebook of that grid
 * @param superres how the grid that is decoded comes from that one; empty where they are the same
 * @param cost by stage, what an image is expected to take; may be absent
 * @param files every other file of the bundle with its SHA-256 in hex
 */
@JsonPropertyOrder({
    "format",
    "name",
    "family",
    "description",
    "stages",
    "conditioning",
    "image",
    "grid",
    "codebook",
    "generator",
    "defaults",
    "superres",
    "cost",
    "licence",
    "provenance",
    "files"
})
public record BundleManifest(
        int format,
        String name,
        Family family,
        String description,
        List<String> stages,
        Conditioning conditioning,
        ImageSize image,
        Grid grid,
        Codebook codebook,
        Generator generator,
        Defaults defaults,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Optional<SuperResolution> superres,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, StageCost> cost,

        String licence,
        Provenance provenance,
        Map<String, String> files) {

    public static final int FORMAT = 1;
    public static final String FILE_NAME = "bundle.yaml";
    private static final double MAX_SECONDS = 86_400;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    public BundleManifest {
        if (format != FORMAT) {
            throw new IllegalArgumentException("format is " + format + ", this version reads " + FORMAT);
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name '" + name + "' is not lower case letters, digits, dots and dashes");
        }
        stages = List.copyOf(stages);
        cost = Collections.unmodifiableMap(new TreeMap<>(cost));
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** Of a model whose generator draws the grid that is decoded. */
    public BundleManifest(
            int format,
            String name,
            Family family,
            String description,
            List<String> stages,
            Conditioning conditioning,
            ImageSize image,
            Grid grid,
            Codebook codebook,
            Generator generator,
            Defaults defaults,
            Map<String, StageCost> cost,
            String licence,
            Provenance provenance,
            Map<String, String> files) {
        this(
                format,
                name,
                family,
                description,
                stages,
                conditioning,
                image,
                grid,
                codebook,
                generator,
                defaults,
                Optional.empty(),
                cost,
                licence,
                provenance,
                files);
    }

    /** The same manifest, vouching for these files. */
    public BundleManifest withFiles(Map<String, String> vouchedFor) {
        return new BundleManifest(
                format,
                name,
                family,
                description,
                stages,
                conditioning,
                image,
                grid,
                codebook,
                generator,
                defaults,
                superres,
                cost,
                licence,
                provenance,
                vouchedFor);
    }

    /** Number of tokens that the generator draws for one image: of all scales, where there are several. */
    public int tokensPerImage() {
        return switch (generator) {
            case NextTokenTransformer transformer -> grid.tokens();
            case NextScaleTransformer transformer -> transformer.tokens();
            case MaskedTransformer transformer -> grid.tokens();
            case WindowedTransformer transformer -> grid.tokens();
        };
    }

    /** What the generator draws for an image of that many pixels; empty where the model makes none of that size. */
    public Optional<Grid> gridOf(ImageSize size) {
        return switch (generator) {
            case NextTokenTransformer transformer -> onlyGrid(size);
            case NextScaleTransformer transformer -> onlyGrid(size);
            case MaskedTransformer transformer -> onlyGrid(size);
            case WindowedTransformer transformer -> wholeGrid(size).filter(transformer::makes);
        };
    }

    /** The grid of a finished image of the usual size, which is decoded and stored. */
    public Grid finishedGrid() {
        return superres.map(SuperResolution::grid).orElse(grid);
    }

    /** The codebook of {@link #finishedGrid}. */
    public Codebook finishedCodebook() {
        return superres.map(SuperResolution::codebook).orElse(codebook);
    }

    /** Size of the pictures that the image encoder makes a {@link #grid} of. */
    public ImageSize encodedImage() {
        return superres.map(SuperResolution::baseImage).orElse(image);
    }

    private Optional<Grid> onlyGrid(ImageSize size) {
        return size.equals(image) ? Optional.of(grid) : Optional.empty();
    }

    private Optional<Grid> wholeGrid(ImageSize size) {
        int height = image.height() / grid.rows();
        int width = image.width() / grid.columns();
        boolean whole = size.height() % height == 0 && size.width() % width == 0;
        return whole ? Optional.of(new Grid(size.height() / height, size.width() / width)) : Optional.empty();
    }

    /** How a family makes its base grid. */
    public enum Family {
        /** LlamaGen: one token after another, in raster order. */
        @JsonProperty("next-token")
        NEXT_TOKEN,
        /** VAR: one grid after another, from coarse to fine, each drawn whole. */
        @JsonProperty("next-scale")
        NEXT_SCALE,
        /** Muse, aMUSEd: all cells at once, again and again; the most confident stay. */
        @JsonProperty("masked")
        MASKED,
        /** VQGAN + GPT: one token after another in a window that slides over a grid of any size. */
        @JsonProperty("windowed")
        WINDOWED
    }

    /** What a request conditions the picture on. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = TextConditioning.class, name = "text"),
        @JsonSubTypes.Type(value = ClassConditioning.class, name = "class"),
        @JsonSubTypes.Type(value = MapConditioning.class, name = "map"),
        @JsonSubTypes.Type(value = NoConditioning.class, name = "none")
    })
    public sealed interface Conditioning permits TextConditioning, ClassConditioning, MapConditioning, NoConditioning {}

    /**
     * @param maxTokens longest prompt in tokens, the closing one included; longer prompts are cut
     * @param width of one text state
     * @param pooledWidth of the one state that stands for the whole prompt; 0 where the model takes none
     * @param padded whether every prompt is filled up to the longest one
     * @param paddingToken what with
     */
    public record TextConditioning(
            int maxTokens,
            int width,

            @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            int pooledWidth,

            @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            boolean padded,

            @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            int paddingToken)
            implements Conditioning {
        public TextConditioning {
            requirePositive("conditioning.maxTokens", maxTokens);
            requirePositive("conditioning.width", width);
            requireAtLeastZero("conditioning.pooledWidth", pooledWidth);
            requireAtLeastZero("conditioning.paddingToken", paddingToken);
        }

        /** The states of the prompt's own tokens, without padding. */
        public TextConditioning(int maxTokens, int width) {
            this(maxTokens, width, 0, false, 0);
        }
    }

    /** @param classes number of classes; a request names one of 0 to classes - 1 */
    public record ClassConditioning(int classes) implements Conditioning {
        public ClassConditioning {
            requirePositive("conditioning.classes", classes);
        }
    }

    /**
     * A map of the picture's own size, as tokens of a codebook of its own.
     *
     * @param map what it shows
     * @param channels of the map as the condition encoder takes it: one for each label, or one of depth
     * @param codes size of the map's codebook
     */
    public record MapConditioning(MapKind map, int channels, int codes) implements Conditioning {
        public MapConditioning {
            requirePositive("conditioning.channels", channels);
            requirePositive("conditioning.codes", codes);
        }
    }

    /** What a condition map shows. */
    public enum MapKind {
        /** Of each pixel the label of what it belongs to. */
        @JsonProperty("segmentation")
        SEGMENTATION,
        /** Of each pixel how far away it is. */
        @JsonProperty("depth")
        DEPTH
    }

    /** Nothing: pictures are whatever the model was trained on. */
    @JsonSerialize
    public record NoConditioning() implements Conditioning {}

    /** Pixels. */
    public record ImageSize(int width, int height) {
        public ImageSize {
            requirePositive("image.width", width);
            requirePositive("image.height", height);
        }
    }

    public record Grid(int rows, int columns) {
        public Grid {
            requirePositive("grid.rows", rows);
            requirePositive("grid.columns", columns);
        }

        /** Number of tokens of one image. */
        public int tokens() {
            return rows * columns;
        }
    }

    /** @param dimensions of one code vector */
    public record Codebook(int size, int dimensions) {
        public Codebook {
            requirePositive("codebook.size", size);
            requirePositive("codebook.dimensions", dimensions);
        }
    }

    /** What the code must know of a family's network before it opens it. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = NextTokenTransformer.class, name = "next-token"),
        @JsonSubTypes.Type(value = NextScaleTransformer.class, name = "next-scale"),
        @JsonSubTypes.Type(value = MaskedTransformer.class, name = "masked"),
        @JsonSubTypes.Type(value = WindowedTransformer.class, name = "windowed")
    })
    public sealed interface Generator
            permits NextTokenTransformer, NextScaleTransformer, MaskedTransformer, WindowedTransformer {}

    /**
     * A decoder-only transformer with a key/value cache.
     *
     * @param width of one embedding
     * @param prefixTokens positions before the first image token: 1 for a class, the caption length for text
     * @param halfAttention whether attention, keys and values have 16 bits, as CUDA takes them; false where it is left out
     */
    public record NextTokenTransformer(
            int layers,
            int heads,
            int headSize,
            int width,
            int prefixTokens,

            @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            boolean halfAttention)
            implements Generator {
        /** With 32 bits throughout. */
        public NextTokenTransformer(int layers, int heads, int headSize, int width, int prefixTokens) {
            this(layers, heads, headSize, width, prefixTokens, false);
        }

        public NextTokenTransformer {
            requirePositive("generator.layers", layers);
            requirePositive("generator.heads", heads);
            requirePositive("generator.headSize", headSize);
            requirePositive("generator.width", width);
            requirePositive("generator.prefixTokens", prefixTokens);
        }
    }

    /**
     * A transformer that draws a whole grid at once and sees all coarser ones.
     *
     * @param width of one embedding
     * @param scales sides of the square grids in tokens, from coarse to fine; the first is 1
     */
    public record NextScaleTransformer(int layers, int heads, int headSize, int width, List<Integer> scales)
            implements Generator {
        private static final int MAX_SIDE = 1024;

        public NextScaleTransformer {
            requirePositive("generator.layers", layers);
            requirePositive("generator.heads", heads);
            requirePositive("generator.headSize", headSize);
            requirePositive("generator.width", width);
            scales = List.copyOf(scales);
            if (scales.size() < 2 || scales.getFirst() != 1) {
                throw new IllegalArgumentException(
                        "generator.scales is " + scales + ", it must be at least two sides of which the first is 1");
            }
            for (int i = 1; i < scales.size(); i++) {
                if (scales.get(i) <= scales.get(i - 1) || scales.get(i) > MAX_SIDE) {
                    throw new IllegalArgumentException(
                            "generator.scales is " + scales + ", its sides must increase and be at most " + MAX_SIDE);
                }
            }
        }

        /** Number of tokens of all scales. */
        public int tokens() {
            return firstToken(scales.size());
        }

        /** Number of tokens of the scales before this one, which is also the place of its first. */
        public int firstToken(int scale) {
            return scales.subList(0, scale).stream()
                    .mapToInt(side -> side * side)
                    .sum();
        }
    }

    /**
     * A transformer that sees the whole grid, with a mask in the cells that are open.
     *
     * @param contexts widths of the keys and values of each cross-attention, in the network's order
     * @param modulation how many numbers a request's adaptive normalisations are; 0 where there are none
     * @param maskToken what an open cell holds
     */
    public record MaskedTransformer(List<Integer> contexts, int modulation, int maskToken, Unmasking unmasking)
            implements Generator {
        public MaskedTransformer {
            contexts = List.copyOf(contexts);
            requirePositive("generator.contexts", contexts.size());
            contexts.forEach(width -> requirePositive("generator.contexts", width));
            requireAtLeastZero("generator.modulation", modulation);
            requireAtLeastZero("generator.maskToken", maskToken);
        }
    }

    /**
     * A decoder-only transformer that sees a square window of a grid of any size, and of its condition the same window.
     *
     * @param width of one embedding
     * @param prefixTokens positions before the window's first image token: 1 for a class or none, the window's tokens
     *     for a map
     * @param window side of the window in tokens; no grid is smaller
     * @param maxTokens most tokens of an image
     */
    public record WindowedTransformer(
            int layers, int heads, int headSize, int width, int prefixTokens, int window, int maxTokens)
            implements Generator {
        private static final int MAX_TOKENS = 1 << 16;

        public WindowedTransformer {
            requirePositive("generator.layers", layers);
            requirePositive("generator.heads", heads);
            requirePositive("generator.headSize", headSize);
            requirePositive("generator.width", width);
            requirePositive("generator.prefixTokens", prefixTokens);
            requirePositive("generator.window", window);
            if (maxTokens > MAX_TOKENS || maxTokens < (long) window * window) {
                throw new IllegalArgumentException("generator.maxTokens is " + maxTokens + ", it must be "
                        + (long) window * window + ", the window's, to " + MAX_TOKENS);
            }
        }

        /** Whether images may have this grid. */
        public boolean makes(Grid grid) {
            return grid.rows() >= window
                    && grid.columns() >= window
                    && (long) grid.rows() * grid.columns() <= maxTokens;
        }

        /** Slots of the longest sequence: the window's last token is drawn but never fed. */
        public int positions() {
            return prefixTokens + window * window - 1;
        }
    }

    /**
     * How a masked model unmasks where a request says nothing else.
     *
     * @param finalTemperature of the noise on the confidences in the last step; that of the first is the request's
     *     temperature
     */
    public record Unmasking(int steps, UnmaskingSchedule schedule, float finalTemperature, GuidanceRise guidanceRise) {
        /** More would be slower and no better. */
        public static final int MAX_STEPS = 1000;

        public Unmasking {
            if (steps < 1 || steps > MAX_STEPS) {
                throw new IllegalArgumentException(
                        "generator.unmasking.steps is " + steps + ", it must be 1 to " + MAX_STEPS);
            }
            if (!(finalTemperature >= 0 && finalTemperature < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("generator.unmasking.finalTemperature is " + finalTemperature
                        + ", it must be a number of at least 0");
            }
        }
    }

    /** How the share of masked cells falls over the steps. */
    public enum UnmaskingSchedule {
        /** Few cells first, many last: cos(π/2 · x). */
        @JsonProperty("cosine")
        COSINE,
        /** As many cells in each step: 1 − x. */
        @JsonProperty("linear")
        LINEAR
    }

    /** How guidance grows over the steps. */
    public enum GuidanceRise {
        /** The same in every step. */
        @JsonProperty("constant")
        CONSTANT,
        /** From none in the first step to all in the last. */
        @JsonProperty("linear")
        LINEAR
    }

    /**
     * Sampling parameters where a request names none.
     *
     * @param guidanceScale as the family means it: 1 switches guidance off, in a next-scale model 0 does
     * @param temperature of the draw; in a masked model of the noise on the confidences in the first step
     * @param topK 0 for all
     * @param topP 1 for all
     */
    public record Defaults(float guidanceScale, float temperature, int topK, float topP) {}

    /**
     * Engine time that one image is expected to take at a stage, on the hardware the model is meant for. Whoever plans
     * by it goes by what images really took once some were measured.
     *
     * @param secondsPerImage whatever its tokens
     * @param secondsPerToken for each token, again for each where guidance runs a second row, and in a masked model again
     *     in each step
     */
    public record StageCost(double secondsPerImage, double secondsPerToken) {
        public StageCost {
            requireDuration("secondsPerImage", secondsPerImage);
            requireDuration("secondsPerToken", secondsPerToken);
        }

        private static void requireDuration(String key, double seconds) {
            if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
                throw new IllegalArgumentException(key + " is " + seconds + ", it must be 0 to " + MAX_SECONDS);
            }
        }
    }

    /**
     * Where the weights came from.
     *
     * @param sources the imported files' names with their SHA-256 in hex
     */
    public record Provenance(String importer, Map<String, String> sources) {
        public Provenance {
            sources = Collections.unmodifiableMap(new TreeMap<>(sources));
        }
    }

    private static void requireAtLeastZero(String key, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(key + " is " + value + ", it must be at least 0");
        }
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + ", it must be at least 1");
        }
    }
}
