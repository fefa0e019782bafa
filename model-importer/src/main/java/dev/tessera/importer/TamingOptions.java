package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;

/**
 * What a taming-transformers checkpoint and its yaml do not say.
 *
 * @param maxTokens most tokens of an image; at least those of the window
 */
public record TamingOptions(int maxTokens, BundleOptions bundle) {
    /** 64 × 64 tokens: 1024 × 1024 pixels at 16 pixels a token. */
    private static final int PLENTY = 4096;

    public TamingOptions {
        if (maxTokens < 1) {
            throw new ImportException(Reason.INVALID_OPTION, "the most tokens of an image are " + maxTokens);
        }
    }

    /** Images of up to 4096 tokens, the published sampling parameters. */
    public static TamingOptions defaults() {
        return new TamingOptions(PLENTY, BundleOptions.of(Sampling.publishedByTaming()));
    }

    public TamingOptions withMaxTokens(int count) {
        return new TamingOptions(count, bundle);
    }

    public TamingOptions withBundle(BundleOptions options) {
        return new TamingOptions(maxTokens, options);
    }
}
