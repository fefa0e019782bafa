package dev.tessera.generator;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.NextScaleTransformer;
import java.util.List;

/**
 * The sizes of a next-scale model that the algorithm needs.
 *
 * @param vocabulary number of codes, V
 * @param classes number of classes; the one after the last stands for none
 * @param sides of the square grids, from coarse to fine
 */
public record NextScaleDimensions(int vocabulary, int classes, List<Integer> sides) {
    public NextScaleDimensions {
        sides = List.copyOf(sides);
    }

    /** @throws IllegalArgumentException when the manifest is of another family */
    public static NextScaleDimensions of(BundleManifest manifest) {
        if (manifest.generator() instanceof NextScaleTransformer transformer
                && manifest.conditioning() instanceof ClassConditioning classes) {
            return new NextScaleDimensions(manifest.codebook().size(), classes.classes(), transformer.scales());
        }
        throw new IllegalArgumentException(manifest.name() + " is not a next-scale model");
    }

    public int scales() {
        return sides.size();
    }

    /** Number of tokens of one scale. */
    public int tokens(int scale) {
        return sides.get(scale) * sides.get(scale);
    }

    /** Number of tokens of the coarser scales. */
    public int firstToken(int scale) {
        return sides.subList(0, scale).stream().mapToInt(side -> side * side).sum();
    }

    /** Number of tokens of one image, of all scales. */
    public int tokensPerImage() {
        return firstToken(scales());
    }
}
