package dev.tessera.generator;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;

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
                    case NextTokenTransformer transformer -> transformer.prefixTokens();
                    case NextScaleTransformer _, MaskedTransformer _, WindowedTransformer _ ->
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
