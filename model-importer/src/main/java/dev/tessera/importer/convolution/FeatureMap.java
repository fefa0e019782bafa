package dev.tessera.importer.convolution;

/**
 * A value of shape {@code [1, channels, height, width]} in a graph.
 *
 * @param height {@value #FREE} where it is only known when the graph runs, and likewise the width
 */
public record FeatureMap(String value, int channels, int height, int width) {
    /** Halved or doubled it stays what it is. */
    public static final int FREE = 0;

    /** A map whose height and width are only known when the graph runs. */
    public static FeatureMap ofAnySize(String value, int channels) {
        return new FeatureMap(value, channels, FREE, FREE);
    }
}
