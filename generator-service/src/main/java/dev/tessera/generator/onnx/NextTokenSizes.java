package dev.tessera.generator.onnx;

/**
 * The sizes of the tensors around a next-token network.
 *
 * @param rows of the cache
 * @param prefixTokens row of the rotary table at which image cell 0 begins
 * @param width of one embedding
 */
record NextTokenSizes(int rows, int prefixTokens, int width) {}
