package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.Precision;

/**
 * What a LlamaGen checkpoint does not say of itself.
 *
 * @param heads number of attention heads; 0 takes it from the table of published widths
 * @param resolution side of the square picture in pixels
 * @param halfAttention whether attention, keys and values get 16 bits, without which CUDA does not compute them
 */
public record LlamaGenOptions(int heads, int resolution, boolean halfAttention, BundleOptions bundle) {
    private static final int MAX_RESOLUTION = 8192;

    public LlamaGenOptions {
        if (heads < 0) {
            throw new ImportException(Reason.INVALID_OPTION, "heads is " + heads);
        }
        if (resolution < 1 || resolution > MAX_RESOLUTION) {
            throw new ImportException(
                    Reason.INVALID_OPTION, "resolution is " + resolution + ", expected 1 to " + MAX_RESOLUTION);
        }
        if (halfAttention && bundle.arithmetic().precision() == Precision.INT8) {
            throw new ImportException(
                    Reason.INVALID_OPTION,
                    "16-bit attention is for CUDA, which has no products in eight bits: choose one of the two");
        }
    }

    /** 256 pixels, the published sampling parameters. */
    public static LlamaGenOptions defaults() {
        return new LlamaGenOptions(0, 256, false, BundleOptions.of(Sampling.published()));
    }

    public LlamaGenOptions withHeads(int count) {
        return new LlamaGenOptions(count, resolution, halfAttention, bundle);
    }

    public LlamaGenOptions withResolution(int pixels) {
        return new LlamaGenOptions(heads, pixels, halfAttention, bundle);
    }

    public LlamaGenOptions withBundle(BundleOptions options) {
        return new LlamaGenOptions(heads, resolution, halfAttention, options);
    }

    public LlamaGenOptions withHalfAttention(boolean half) {
        return new LlamaGenOptions(heads, resolution, half, bundle);
    }
}
