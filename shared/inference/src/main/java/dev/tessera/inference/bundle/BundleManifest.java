package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
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
 * @param precision of the products of the networks that draw tokens; empty where it is 32 bits
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
    "precision",
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
        Optional<Precision> precision,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, StageCost> cost,

        String licence,
        Provenance provenance,
        Map<String, String> files) {

    public static final int FORMAT = 1;
    public static final String FILE_NAME = "bundle.yaml";
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
        precision = precision.filter(products -> products != Precision.FP32);
        cost = Collections.unmodifiableMap(new TreeMap<>(cost));
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** Of a model whose generator draws the grid that is decoded, in 32 bits. */
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
                Optional.empty(),
                cost,
                licence,
                provenance,
                files);
    }

    /** The same manifest, vouching for these files. */
    public BundleManifest withFiles(Map<String, String> vouchedFor) {
        return with(precision, vouchedFor);
    }

    /** The same manifest, of networks whose products are done so. */
    public BundleManifest withPrecision(Precision products) {
        return with(Optional.of(products), files);
    }

    private BundleManifest with(Optional<Precision> products, Map<String, String> vouchedFor) {
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
                products,
                cost,
                licence,
                provenance,
                vouchedFor);
    }

    /** What the large products of the networks that draw tokens are done in. */
    public Precision productPrecision() {
        return precision.orElse(Precision.FP32);
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
}
