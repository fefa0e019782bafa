package dev.tessera.inference.bundle;

/** @param dimensions of one code vector */
public record Codebook(int size, int dimensions) {
    public Codebook {
        Numbers.requirePositive("codebook.size", size);
        Numbers.requirePositive("codebook.dimensions", dimensions);
    }
}
