package dev.tessera.importer.convolution;

/** A value of shape {@code [1, channels, height, width]} in a graph. */
public record FeatureMap(String value, int channels, int height, int width) {}
