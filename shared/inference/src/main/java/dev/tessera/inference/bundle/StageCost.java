package dev.tessera.inference.bundle;

/**
 * Engine time that one image is expected to take at a stage, on the hardware the model is meant for. Whoever plans
 * by it goes by what images really took once some were measured.
 *
 * @param secondsPerImage whatever its tokens
 * @param secondsPerToken for each token, again for each where guidance runs a second row, and in a masked model again
 *     in each step
 */
public record StageCost(double secondsPerImage, double secondsPerToken) {
    private static final double MAX_SECONDS = 86_400;

    public StageCost {
        requireDuration("secondsPerImage", secondsPerImage);
        requireDuration("secondsPerToken", secondsPerToken);
    }

    private static void requireDuration(String key, double seconds) {
        if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
            throw new IllegalArgumentException(key + " is " + seconds + ", it must be 0 to " + MAX_SECONDS);
        }
    }
}
