package dev.tessera.importer;

import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * What a VAR checkpoint does not say of itself.
 *
 * @param heads number of attention heads; 0 takes it from the tensors
 * @param scales sides of the grids from coarse to fine; empty takes them from the tensors
 * @param normGroups groups of the image tokenizer's normalisations, 32 as published
 * @param description one sentence on the model; empty for one made from its dimensions
 * @param licence of the weights, best as an SPDX identifier
 */
public record VarOptions(
        int heads,
        List<Integer> scales,
        int normGroups,
        WeightStorage storage,
        String description,
        String licence,
        Sampling sampling) {
    private static final int PUBLISHED_NORM_GROUPS = 32;

    public VarOptions {
        scales = List.copyOf(scales);
        if (heads < 0) {
            throw new ImportException(ImportException.Reason.INVALID_OPTION, "heads is " + heads);
        }
        if (normGroups < 1) {
            throw new ImportException(
                    ImportException.Reason.INVALID_OPTION, "norm groups is " + normGroups + ", expected at least 1");
        }
    }

    /** Dimensions from the tensors, weights in 32 bits, the published sampling parameters. */
    public static VarOptions defaults() {
        return new VarOptions(
                0, List.of(), PUBLISHED_NORM_GROUPS, WeightStorage.FP32, "", "unknown", Sampling.publishedByVar());
    }

    public VarOptions withHeads(int count) {
        return new VarOptions(count, scales, normGroups, storage, description, licence, sampling);
    }

    public VarOptions withScales(List<Integer> sides) {
        return new VarOptions(heads, sides, normGroups, storage, description, licence, sampling);
    }

    public VarOptions withNormGroups(int count) {
        return new VarOptions(heads, scales, count, storage, description, licence, sampling);
    }

    public VarOptions withStorage(WeightStorage weights) {
        return new VarOptions(heads, scales, normGroups, weights, description, licence, sampling);
    }

    public VarOptions withDescription(String text) {
        return new VarOptions(heads, scales, normGroups, storage, text, licence, sampling);
    }

    public VarOptions withLicence(String name) {
        return new VarOptions(heads, scales, normGroups, storage, description, name, sampling);
    }

    public VarOptions withSampling(Sampling defaults) {
        return new VarOptions(heads, scales, normGroups, storage, description, licence, defaults);
    }
}
