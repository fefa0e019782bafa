package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.Precision;

/**
 * What no checkpoint of any family says of itself.
 *
 * @param normGroups groups of the image tokenizer's normalisations: 32 in all published ones; a narrow tokenizer may have
 *     been trained with fewer, since a group of one channel forgets the channel's mean
 * @param arithmetic of the networks that draw tokens
 * @param description one sentence on the model; empty for one made from its dimensions
 * @param licence of the weights, best as an SPDX identifier
 * @param sampling what the bundle proposes to requests which name no parameters
 */
public record BundleOptions(
        int normGroups,
        WeightStorage storage,
        Arithmetic arithmetic,
        String description,
        String licence,
        Sampling sampling) {
    private static final int PUBLISHED_NORM_GROUPS = 32;

    public BundleOptions {
        if (normGroups < 1) {
            throw new ImportException(Reason.INVALID_OPTION, "norm groups is " + normGroups + ", expected at least 1");
        }
    }

    /** Weights and products in 32 bits, of an unknown licence. */
    public static BundleOptions of(Sampling published) {
        return new BundleOptions(
                PUBLISHED_NORM_GROUPS, WeightStorage.FP32, Arithmetic.of(Precision.FP32), "", "unknown", published);
    }

    public BundleOptions withNormGroups(int count) {
        return new BundleOptions(count, storage, arithmetic, description, licence, sampling);
    }

    public BundleOptions withStorage(WeightStorage weights) {
        return new BundleOptions(normGroups, weights, arithmetic, description, licence, sampling);
    }

    public BundleOptions withArithmetic(Arithmetic products) {
        return new BundleOptions(normGroups, storage, products, description, licence, sampling);
    }

    public BundleOptions withDescription(String text) {
        return new BundleOptions(normGroups, storage, arithmetic, text, licence, sampling);
    }

    public BundleOptions withLicence(String name) {
        return new BundleOptions(normGroups, storage, arithmetic, description, name, sampling);
    }

    public BundleOptions withSampling(Sampling defaults) {
        return new BundleOptions(normGroups, storage, arithmetic, description, licence, defaults);
    }

    /** @param dimensions says what the model is, when nobody has described it */
    String descriptionOr(String dimensions) {
        return description.isBlank() ? dimensions : description;
    }
}
