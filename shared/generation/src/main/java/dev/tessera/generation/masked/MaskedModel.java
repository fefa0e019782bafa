package dev.tessera.generation.masked;

import dev.tessera.generation.Condition;
import java.nio.FloatBuffer;

/**
 * A network that proposes tokens for all open cells of a grid, over rows that each hold what it keeps of a condition: a
 * text, in super-resolution with a base grid. What a
 * row computes depends on its own content alone, bit for bit. For one thread at a time.
 */
public interface MaskedModel extends AutoCloseable {
    MaskedDimensions dimensions();

    /** How many rows there are. */
    int rows();

    /** Begins a row anew with a condition of {@link #dimensions}' kind and sizes. */
    void begin(int row, Condition.Textual condition);

    /**
     * Runs the first rows.
     *
     * @param tokens of each row all cells, one row after the other; open cells hold the mask token
     * @param wanted places in {@code tokens} whose logits are wanted, at least one
     * @return logits [wanted, vocabulary], row-major, good until the next call
     */
    FloatBuffer advance(int[] tokens, int[] wanted);

    /** Copies what a row keeps of its condition over another row. */
    void copyRow(int from, int to);

    /** Gives native memory back. */
    @Override
    void close();
}
