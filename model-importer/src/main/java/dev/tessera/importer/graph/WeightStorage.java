package dev.tessera.importer.graph;

/** How weights lie in the bundle. The computation is in 32 bits either way. */
public enum WeightStorage {
    FP32,
    /** Matrices at half the size, widened when the model is loaded; norms, biases and tables stay in 32 bits. */
    FP16
}
