package dev.tessera.importer.llamagen;

/** A value of shape {@code [1, channels, height, width]} in a graph. */
record FeatureMap(String value, int channels, int height, int width) {}
