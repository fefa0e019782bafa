package dev.tessera.importer.convolution;

/**
 * A value in a graph: the channels of the pixels of a picture.
 *
 * @param height {@value #FREE} where it is only known when the graph runs, and likewise the width
 */
public record FeatureMap(String value, int channels, int height, int width, Layout layout) {
    /** Halved or doubled it stays what it is. */
    public static final int FREE = 0;

    /** How the numbers lie. */
    enum Layout {
        /** Channel after channel: {@code [1, channels, height, width]}. */
        CHANNELS,
        /** Pixel after pixel, in the order of {@link Tiling}: {@code [pixels, channels]}. */
        TILES
    }

    /** Channel after channel. */
    public FeatureMap(String value, int channels, int height, int width) {
        this(value, channels, height, width, Layout.CHANNELS);
    }

    /** A map whose height and width are only known when the graph runs. */
    public static FeatureMap ofAnySize(String value, int channels) {
        return new FeatureMap(value, channels, FREE, FREE);
    }

    /** The result of something that leaves the form alone. */
    FeatureMap with(String result) {
        return new FeatureMap(result, channels, height, width, layout);
    }

    boolean tiled() {
        return layout == Layout.TILES;
    }

    int pixels() {
        return height * width;
    }
}
