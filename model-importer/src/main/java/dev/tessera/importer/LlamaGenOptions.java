package dev.tessera.importer;

import dev.tessera.importer.graph.WeightStorage;

/**
 * What a LlamaGen checkpoint does not say of itself.
 *
 * @param heads number of attention heads; 0 takes it from the table of published widths
 * @param resolution side of the square picture in pixels
 * @param smallestGroup channels that a group normalisation of the image tokenizer takes together at least: LlamaGen has
 *     32 groups whatever the channels, which is 1; a narrow tokenizer may have been trained with fewer and larger groups
 * @param licence of the weights, best as an SPDX identifier
 */
public record LlamaGenOptions(
        int heads,
        int resolution,
        int smallestGroup,
        WeightStorage storage,
        String description,
        String licence,
        Sampling sampling) {
    private static final int MAX_RESOLUTION = 8192;

    public LlamaGenOptions {
        if (heads < 0) {
            throw new ImportException(ImportException.Reason.INVALID_OPTION, "heads is " + heads);
        }
        if (smallestGroup < 1) {
            throw new ImportException(
                    ImportException.Reason.INVALID_OPTION, "smallest group is " + smallestGroup + " channels");
        }
        if (resolution < 1 || resolution > MAX_RESOLUTION) {
            throw new ImportException(
                    ImportException.Reason.INVALID_OPTION,
                    "resolution is " + resolution + ", expected 1 to " + MAX_RESOLUTION);
        }
    }

    /** 256 pixels, weights in 32 bits, the published sampling parameters. */
    public static LlamaGenOptions defaults() {
        return new LlamaGenOptions(0, 256, 1, WeightStorage.FP32, "", "unknown", Sampling.published());
    }

    public LlamaGenOptions withHeads(int count) {
        return new LlamaGenOptions(count, resolution, smallestGroup, storage, description, licence, sampling);
    }

    public LlamaGenOptions withResolution(int pixels) {
        return new LlamaGenOptions(heads, pixels, smallestGroup, storage, description, licence, sampling);
    }

    public LlamaGenOptions withSmallestGroup(int channels) {
        return new LlamaGenOptions(heads, resolution, channels, storage, description, licence, sampling);
    }

    public LlamaGenOptions withStorage(WeightStorage weights) {
        return new LlamaGenOptions(heads, resolution, smallestGroup, weights, description, licence, sampling);
    }

    /** @param text one sentence on the model; empty for one made from its dimensions */
    public LlamaGenOptions withDescription(String text) {
        return new LlamaGenOptions(heads, resolution, smallestGroup, storage, text, licence, sampling);
    }

    public LlamaGenOptions withLicence(String name) {
        return new LlamaGenOptions(heads, resolution, smallestGroup, storage, description, name, sampling);
    }

    public LlamaGenOptions withSampling(Sampling defaults) {
        return new LlamaGenOptions(heads, resolution, smallestGroup, storage, description, licence, defaults);
    }
}
