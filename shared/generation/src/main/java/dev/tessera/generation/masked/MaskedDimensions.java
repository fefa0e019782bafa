package dev.tessera.generation.masked;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.MaskedTransformer;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import dev.tessera.inference.bundle.BundleManifest.Unmasking;

/**
 * The sizes of a masked model that the algorithm needs.
 *
 * @param vocabulary number of codes, V
 * @param maskToken what an open cell holds; none of the codes
 * @param unmasking where a request says nothing else
 */
public record MaskedDimensions(int vocabulary, int maskToken, Grid grid, TextConditioning text, Unmasking unmasking) {
    /** @throws IllegalArgumentException when the manifest is of another family */
    public static MaskedDimensions of(BundleManifest manifest) {
        if (manifest.generator() instanceof MaskedTransformer transformer
                && manifest.conditioning() instanceof TextConditioning text) {
            return new MaskedDimensions(
                    manifest.codebook().size(),
                    transformer.maskToken(),
                    manifest.grid(),
                    text,
                    transformer.unmasking());
        }
        throw new IllegalArgumentException(manifest.name() + " is not a masked model");
    }

    /** Number of tokens of one image. */
    public int cells() {
        return grid.tokens();
    }
}
