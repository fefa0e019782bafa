package dev.tessera.gateway;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A model that requests may name.
 *
 * @param digest SHA-256 of the bundle's manifest, in hex
 */
public record Model(BundleManifest manifest, String digest) {
    String name() {
        return manifest.name();
    }

    /** As requests and answers have it: width, x, height, in pixels. */
    String size() {
        return manifest.image().width() + "x" + manifest.image().height();
    }

    int tokensPerImage() {
        return manifest.tokensPerImage();
    }

    /** The fields that a request for this model may have. */
    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        fields.add("model");
        fields.addAll(
                switch (manifest.conditioning()) {
                    case BundleManifest.TextConditioning text -> List.of("prompt", "negative_prompt");
                    case BundleManifest.ClassConditioning classes -> List.of("class");
                });
        if (edits()) {
            fields.addAll(EditFields.NAMES);
        }
        if (!encodesPictures()) {
            fields.remove("image");
        }
        fields.addAll(List.of("n", "size", "seed", "guidance_scale", "temperature", "top_k", "top_p"));
        if (unmasking().isPresent()) {
            fields.addAll(List.of("steps", "schedule"));
        }
        return fields;
    }

    /** How the model unmasks where a request says nothing else; empty for the other families. */
    Optional<BundleManifest.Unmasking> unmasking() {
        return switch (manifest.generator()) {
            case BundleManifest.MaskedTransformer transformer -> Optional.of(transformer.unmasking());
            case BundleManifest.NextTokenTransformer _, BundleManifest.NextScaleTransformer _ -> Optional.empty();
        };
    }

    /** Whether its generator can begin with tokens that are known. */
    boolean edits() {
        return switch (manifest.family()) {
            case NEXT_TOKEN, NEXT_SCALE, MASKED -> true;
        };
    }

    /** Whether it can begin with a picture of which there are no tokens. */
    boolean encodesPictures() {
        return edits() && manifest.files().containsKey(BundleFiles.IMAGE_ENCODER);
    }

    /** Whether an edit may go without a condition: the picture is one. */
    boolean editsWithoutCondition() {
        return manifest.family() == BundleManifest.Family.NEXT_SCALE;
    }

    /** Whether tokens fill the grids that it draws, with codes of a codebook as large as its own. */
    boolean hasGridOf(TokenGrid tokens) {
        return tokens.rows() == manifest.grid().rows()
                && tokens.columns() == manifest.grid().columns()
                && tokens.size() == manifest.tokensPerImage()
                && tokens.codebookSize() == manifest.codebook().size();
    }

    /** The guidance scale that is no guidance, in the family's own terms; the least that a request may ask for. */
    int noGuidance() {
        return switch (manifest.family()) {
            case NEXT_TOKEN, MASKED -> 1;
            case NEXT_SCALE -> 0;
        };
    }

    boolean takesText() {
        return switch (manifest.conditioning()) {
            case BundleManifest.TextConditioning text -> true;
            case BundleManifest.ClassConditioning classes -> false;
        };
    }

    /** How many classes there are; empty for a text model. */
    OptionalInt classes() {
        return switch (manifest.conditioning()) {
            case BundleManifest.TextConditioning text -> OptionalInt.empty();
            case BundleManifest.ClassConditioning classes -> OptionalInt.of(classes.classes());
        };
    }
}
