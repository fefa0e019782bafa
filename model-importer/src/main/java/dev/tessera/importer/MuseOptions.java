package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;

/**
 * What a Muse checkpoint does not say of itself.
 *
 * @param steps of the bundle's default
 */
public record MuseOptions(int steps, BundleOptions bundle) {
    private static final int PUBLISHED_STEPS = 24;

    public MuseOptions {
        if (steps < 1 || steps > UnmaskingDefaults.MAX_STEPS) {
            throw new ImportException(
                    Reason.INVALID_OPTION, "steps is " + steps + ", expected 1 to " + UnmaskingDefaults.MAX_STEPS);
        }
    }

    /** The published steps; guidance and temperature are not published, and those of its relatives. */
    public static MuseOptions defaults() {
        return new MuseOptions(PUBLISHED_STEPS, BundleOptions.of(Sampling.proposedForMuse()));
    }

    public MuseOptions withSteps(int count) {
        return new MuseOptions(count, bundle);
    }

    public MuseOptions withBundle(BundleOptions options) {
        return new MuseOptions(steps, options);
    }

    /** Guidance that rises from none, a cosine schedule, no noise in the end. */
    UnmaskingDefaults unmasking() {
        return new UnmaskingDefaults(steps, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR);
    }
}
