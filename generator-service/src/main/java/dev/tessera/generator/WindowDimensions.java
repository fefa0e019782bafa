package dev.tessera.generator;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.WindowedTransformer;
import java.util.Optional;

/**
 * The sizes of a windowed model that the algorithm needs.
 *
 * @param network whose sequences are the prefix, then the window's tokens in raster order
 * @param manifest of the whole model
 */
public record WindowDimensions(BundleManifest manifest, WindowedTransformer network) {
    /** @throws IllegalArgumentException when it is not a windowed model's */
    public static WindowDimensions of(BundleManifest manifest) {
        if (manifest.generator() instanceof WindowedTransformer network) {
            return new WindowDimensions(manifest, network);
        }
        throw new IllegalArgumentException(manifest.name() + " is not a windowed model");
    }

    /** Number of codes, V. */
    public int vocabulary() {
        return manifest.codebook().size();
    }

    /** Positions before the window's cell 0, T. */
    public int prefixTokens() {
        return network.prefixTokens();
    }

    /** Side in tokens. */
    public int window() {
        return network.window();
    }

    Conditioning conditioning() {
        return manifest.conditioning();
    }

    /** The grid of an image of so many pixels; empty where the model makes none of that size. */
    Optional<Grid> grid(int width, int height) {
        return width == 0 && height == 0 ? Optional.of(manifest.grid()) : manifest.gridOf(new ImageSize(width, height));
    }
}
