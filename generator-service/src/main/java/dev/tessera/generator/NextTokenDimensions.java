package dev.tessera.generator;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.Conditioning;
import dev.tessera.inference.bundle.BundleManifest.Grid;

/**
 * The sizes of a next-token model that the algorithm needs.
 *
 * @param vocabulary number of codes, V; embedding rows from V on are conditions
 * @param prefixTokens positions before image cell 0, T; a shorter prefix leaves out the first of them
 */
public record NextTokenDimensions(int vocabulary, int prefixTokens, Grid grid, Conditioning conditioning) {
    public static NextTokenDimensions of(BundleManifest manifest) {
        int prefixTokens =
                switch (manifest.generator()) {
                    case BundleManifest.NextTokenTransformer transformer -> transformer.prefixTokens();
                    case BundleManifest.NextScaleTransformer _,
                            BundleManifest.MaskedTransformer _,
                            BundleManifest.WindowedTransformer _ ->
                        throw new IllegalArgumentException("not a next-token model");
                };
        return new NextTokenDimensions(
                manifest.codebook().size(), prefixTokens, manifest.grid(), manifest.conditioning());
    }

    /** Longest row: the last image token is drawn but never fed. */
    public int positions() {
        return prefixTokens + grid.tokens() - 1;
    }
}
