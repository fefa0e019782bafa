package dev.tessera.inference.bundle;

/**
 * Sampling parameters where a request names none.
 *
 * @param guidanceScale as the family means it: 1 switches guidance off, in a next-scale model 0 does
 * @param temperature of the draw; in a masked model of the noise on the confidences in the first step
 * @param topK 0 for all
 * @param topP 1 for all
 */
public record Defaults(float guidanceScale, float temperature, int topK, float topP) {}
