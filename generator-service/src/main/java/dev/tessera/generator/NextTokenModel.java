package dev.tessera.generator;

import java.nio.FloatBuffer;

/**
 * A decoder-only network over a cache of rows. A row holds one sequence: its prefix in slots 0 to n − 1, image cell i in
 * slot n + i. What a row computes depends on its own content alone, bit for bit. For one thread at a time.
 */
public interface NextTokenModel extends AutoCloseable {
    NextTokenDimensions dimensions();

    /** How many rows the cache has. */
    int rows();

    /** Logits [rows, vocabulary], row-major; a row's are overwritten by its next prefill or step. */
    FloatBuffer logits();

    /** Begins a row anew with a prefix; leaves the logits of the first image token. */
    void prefill(int row, Prefix prefix);

    /**
     * Feeds each of the first rows one image token; leaves the logits of the next.
     *
     * @param rows how many, from row 0
     * @param tokens of each row
     * @param cells which image cell that token is
     * @param slots where in its row the token belongs: the length of the row's prefix plus the cell
     */
    void step(int rows, int[] tokens, int[] cells, int[] slots);

    /** Copies the first slots of a row over another row. */
    void copyRow(int from, int to, int slots);

    /** Gives native memory back. */
    @Override
    void close();
}
