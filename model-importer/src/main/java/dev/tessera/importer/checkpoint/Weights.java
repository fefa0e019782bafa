package dev.tessera.importer.checkpoint;

/** A stream of numbers in row-major order, read piece by piece so that no tensor is ever in memory whole. */
public interface Weights {
    /** What a message calls them. */
    String name();

    long elements();

    /**
     * Reads the elements {@code from} to {@code from + count}, into the front of the array.
     *
     * @throws dev.tessera.importer.ImportException when one of them is NaN or infinite
     */
    void read(long from, float[] into, int count);
}
