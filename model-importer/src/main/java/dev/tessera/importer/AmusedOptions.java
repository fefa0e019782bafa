package dev.tessera.importer;

/**
 * What an aMUSEd checkpoint does not say of itself.
 *
 * @param resolution side of the square picture in pixels; 0 takes it from the checkpoint's settings
 */
public record AmusedOptions(int resolution, BundleOptions bundle) {
    private static final int MAX_RESOLUTION = 8192;

    public AmusedOptions {
        if (resolution < 0 || resolution > MAX_RESOLUTION) {
            throw new ImportException(
                    ImportException.Reason.INVALID_OPTION,
                    "resolution is " + resolution + ", expected 1 to " + MAX_RESOLUTION);
        }
    }

    /** The checkpoint's own size, the published sampling parameters. */
    public static AmusedOptions defaults() {
        return new AmusedOptions(0, BundleOptions.of(Sampling.publishedByAmused()));
    }

    public AmusedOptions withResolution(int pixels) {
        return new AmusedOptions(pixels, bundle);
    }

    public AmusedOptions withBundle(BundleOptions options) {
        return new AmusedOptions(resolution, options);
    }
}
