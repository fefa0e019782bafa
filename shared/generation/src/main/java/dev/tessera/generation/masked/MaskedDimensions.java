package dev.tessera.generation.masked;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import java.util.Optional;

/**
 * The sizes of a masked network that the algorithm needs.
 *
 * @param vocabulary number of codes, V
 * @param maskToken what an open cell holds; none of the codes
 * @param base in super-resolution, what stands behind the text in a row's condition; otherwise empty
 * @param unmasking where a request says nothing else
 */
public record MaskedDimensions(
        int vocabulary,
        int maskToken,
        Grid grid,
        TextConditioning text,
        Optional<BaseGrid> base,
        UnmaskingDefaults unmasking) {

    /** A grid that is given. */
    public record BaseGrid(Grid grid, int vocabulary) {}

    /**
     * Of the generator.
     *
     * @throws IllegalArgumentException when the manifest is of another family
     */
    public static MaskedDimensions of(BundleManifest manifest) {
        if (manifest.generator() instanceof MaskedTransformer transformer
                && manifest.conditioning() instanceof TextConditioning text) {
            return new MaskedDimensions(
                    manifest.codebook().size(),
                    transformer.maskToken(),
                    manifest.grid(),
                    text,
                    Optional.empty(),
                    transformer.unmasking());
        }
        throw new IllegalArgumentException(manifest.name() + " is not a masked model");
    }

    /**
     * Of the super-resolution stage.
     *
     * @throws IllegalArgumentException when the model has none
     */
    public static MaskedDimensions ofSuperResolution(BundleManifest manifest) {
        MaskedDimensions generator = of(manifest);
        SuperResolution stage = manifest.superres()
                .orElseThrow(() -> new IllegalArgumentException(manifest.name() + " has no super-resolution"));
        return new MaskedDimensions(
                stage.codebook().size(),
                stage.maskToken(),
                stage.grid(),
                generator.text(),
                Optional.of(new BaseGrid(generator.grid(), generator.vocabulary())),
                stage.unmasking());
    }

    /** Number of tokens of one image. */
    public int cells() {
        return grid.tokens();
    }

    /** How many keys and values a row keeps for each cross-attention. */
    public int kept() {
        return text.maxTokens() + base.map(given -> given.grid().tokens()).orElse(0);
    }
}
