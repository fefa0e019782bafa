package dev.tessera.importer;

import dev.tessera.importer.graph.WeightStorage;

/**
 * What a LlamaGen checkpoint does not say of itself.
 *
 * @param heads number of attention heads; 0 takes it from the table of published widths
 * @param resolution side of the square picture in pixels
 * @param normGroups groups of the image tokenizer's normalisations: 32 in LlamaGen; a narrow tokenizer may have been
 *     trained with fewer, since a group of one channel forgets the channel's mean
 * @param licence of the weights, best as an SPDX identifier
 */
public record LlamaGenOptions(
        int heads,
        int resolution,
        int normGroups,
        WeightStorage storage,
        String description,
        String licence,
        Sampling sampling) {
    public static final int PUBLISHED_NORM_GROUPS = 32;

    private static final int MAX_RESOLUTION = 8192;

    public LlamaGenOptions {
        if (heads < 0) {
            throw new ImportException(ImportException.Reason.INVALID_OPTION, "heads is " + heads);
        }
        if (normGroups < 1) {
            throw new ImportException(
                    ImportException.Reason.INVALID_OPTION, "norm groups is " + normGroups + ", expected at least 1");
        }
        if (resolution < 1 || resolution > MAX_RESOLUTION) {
            throw new ImportException(
                    ImportException.Reason.INVALID_OPTION,
                    "resolution is " + resolution + ", expected 1 to " + MAX_RESOLUTION);
        }
    }

    /** 256 pixels, weights in 32 bits, the published sampling parameters. */
    public static LlamaGenOptions defaults() {
        return new LlamaGenOptions(
                0, 256, PUBLISHED_NORM_GROUPS, WeightStorage.FP32, "", "unknown", Sampling.published());
    }

    public LlamaGenOptions withHeads(int count) {
        return new LlamaGenOptions(count, resolution, normGroups, storage, description, licence, sampling);
    }

    public LlamaGenOptions withResolution(int pixels) {
        return new LlamaGenOptions(heads, pixels, normGroups, storage, description, licence, sampling);
    }

    public LlamaGenOptions withNormGroups(int count) {
        return new LlamaGenOptions(heads, resolution, count, storage, description, licence, sampling);
    }

    public LlamaGenOptions withStorage(WeightStorage weights) {
        return new LlamaGenOptions(heads, resolution, normGroups, weights, description, licence, sampling);
    }

    /** @param text one sentence on the model; empty for one made from its dimensions */
    public LlamaGenOptions withDescription(String text) {
        return new LlamaGenOptions(heads, resolution, normGroups, storage, text, licence, sampling);
    }

    public LlamaGenOptions withLicence(String name) {
        return new LlamaGenOptions(heads, resolution, normGroups, storage, description, name, sampling);
    }

    public LlamaGenOptions withSampling(Sampling defaults) {
        return new LlamaGenOptions(heads, resolution, normGroups, storage, description, licence, defaults);
    }
}
