package dev.tessera.gateway;

import dev.tessera.inference.bundle.BundleManifest;
import java.util.OptionalInt;

/**
 * A model that requests may name.
 *
 * @param digest SHA-256 of the bundle's manifest, in hex
 */
public record Model(BundleManifest manifest, String digest) {
    String name() {
        return manifest.name();
    }

    /** As requests and answers have it: width, x, height, in pixels. */
    String size() {
        return manifest.image().width() + "x" + manifest.image().height();
    }

    int tokensPerImage() {
        return manifest.grid().tokens();
    }

    boolean takesText() {
        return switch (manifest.conditioning()) {
            case BundleManifest.TextConditioning text -> true;
            case BundleManifest.ClassConditioning classes -> false;
        };
    }

    /** How many classes there are; empty for a text model. */
    OptionalInt classes() {
        return switch (manifest.conditioning()) {
            case BundleManifest.TextConditioning text -> OptionalInt.empty();
            case BundleManifest.ClassConditioning classes -> OptionalInt.of(classes.classes());
        };
    }
}
