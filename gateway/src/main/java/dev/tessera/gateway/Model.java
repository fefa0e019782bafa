package dev.tessera.gateway;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.inference.bundle.BundleManifest.MaskedTransformer;
import dev.tessera.inference.bundle.BundleManifest.NextScaleTransformer;
import dev.tessera.inference.bundle.BundleManifest.NextTokenTransformer;
import dev.tessera.inference.bundle.BundleManifest.WindowedTransformer;
import dev.tessera.v1.Job;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    /** Of each of the job's images. */
    int tokensPerImage(Job job) {
        if (job.getWidth() == 0 || job.getHeight() == 0) {
            return tokensPerImage();
        }
        var size = new ImageSize(job.getWidth(), job.getHeight());
        return size.equals(manifest.image())
                ? tokensPerImage()
                : manifest.gridOf(size).map(Grid::tokens).orElseGet(this::tokensPerImage);
    }

    /** What sizes a request may ask for, in words. */
    String sizes() {
        return switch (manifest.generator()) {
            case NextTokenTransformer transformer -> size();
            case NextScaleTransformer transformer -> size();
            case MaskedTransformer transformer -> size();
            case WindowedTransformer transformer -> {
                int width = manifest.image().width() / manifest.grid().columns();
                int height = manifest.image().height() / manifest.grid().rows();
                yield "width x height in multiples of " + width + " and " + height + ", at least "
                        + transformer.window() * width + "x" + transformer.window() * height + " and at most "
                        + transformer.maxTokens() + " times " + width + "x" + height + ", such as " + size();
            }
        };
    }

    /** The fields that a request for this model may have. */
    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        fields.add("model");
        fields.addAll(
                switch (manifest.conditioning()) {
                    case BundleManifest.TextConditioning text -> List.of("prompt", "negative_prompt");
                    case BundleManifest.ClassConditioning classes -> List.of("class");
                    case BundleManifest.MapConditioning map -> List.of();
                    case BundleManifest.NoConditioning none -> List.of();
                });
        if (edits()) {
            fields.addAll(EditFields.NAMES);
        }
        if (!encodesPictures()) {
            fields.remove("image");
        }
        fields.addAll(List.of("n", "size", "seed"));
        if (takesGuidance()) {
            fields.add("guidance_scale");
        }
        fields.addAll(List.of("temperature", "top_k", "top_p"));
        if (unmasking().isPresent()) {
            fields.addAll(List.of("steps", "schedule"));
        }
        return fields;
    }

    /** How the model unmasks where a request says nothing else; empty for the other families. */
    Optional<BundleManifest.Unmasking> unmasking() {
        return switch (manifest.generator()) {
            case MaskedTransformer transformer -> Optional.of(transformer.unmasking());
            case NextTokenTransformer _, NextScaleTransformer _, WindowedTransformer _ -> Optional.empty();
        };
    }

    /** Whether its generator can begin with tokens that are known. */
    boolean edits() {
        return switch (manifest.family()) {
            case NEXT_TOKEN, NEXT_SCALE, MASKED -> true;
            case WINDOWED -> false;
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
            case NEXT_TOKEN, MASKED, WINDOWED -> 1;
            case NEXT_SCALE -> 0;
        };
    }

    /** Whether the family knows of guidance at all. */
    boolean takesGuidance() {
        return switch (manifest.family()) {
            case NEXT_TOKEN, NEXT_SCALE, MASKED -> true;
            case WINDOWED -> false;
        };
    }

    BundleManifest.Conditioning conditioning() {
        return manifest.conditioning();
    }
}
