package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import java.util.List;

/**
 * What a VAR checkpoint does not say of itself.
 *
 * @param heads number of attention heads; 0 takes it from the tensors
 * @param scales sides of the grids from coarse to fine; empty takes them from the tensors
 */
public record VarOptions(int heads, List<Integer> scales, BundleOptions bundle) {
    public VarOptions {
        scales = List.copyOf(scales);
        if (heads < 0) {
            throw new ImportException(Reason.INVALID_OPTION, "heads is " + heads);
        }
    }

    /** Dimensions from the tensors, the published sampling parameters. */
    public static VarOptions defaults() {
        return new VarOptions(0, List.of(), BundleOptions.of(Sampling.publishedByVar()));
    }

    public VarOptions withHeads(int count) {
        return new VarOptions(count, scales, bundle);
    }

    public VarOptions withScales(List<Integer> sides) {
        return new VarOptions(heads, sides, bundle);
    }

    public VarOptions withBundle(BundleOptions options) {
        return new VarOptions(heads, scales, options);
    }
}
