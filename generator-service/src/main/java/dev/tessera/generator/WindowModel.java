package dev.tessera.generator;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * A network that reads sequences of a prefix and the tokens of a window, and can remember some of them in rows of a
 * cache. What it computes of a sequence depends on that sequence alone, bit for bit: not on its neighbours, nor on how
 * much of it was remembered. For one thread at a time.
 */
public interface WindowModel extends AutoCloseable {
    WindowDimensions dimensions();

    /** How many sequences can be remembered. */
    int rows();

    /** How many sequences can be read at a time without being remembered. */
    int readers();

    /**
     * Goes on with remembered sequences in neighbouring rows, and remembers what is new; and reads whole sequences, which
     * it forgets. Either may be none.
     *
     * @param firstRow of the first remembered sequence; the others' follow
     * @param parts of each remembered sequence what comes next, all equally many tokens
     * @param sequences from their beginning, all equally long, at most {@link #readers}
     * @return logits [parts, then sequences; vocabulary] of the next token of each, row-major; overwritten by the next
     *     call
     */
    FloatBuffer run(int firstRow, List<SequencePart> parts, List<SequencePart> sequences);

    /**
     * Reads a sequence alone, for others that begin alike.
     *
     * @return as {@link #run}
     */
    FloatBuffer readFirst(SequencePart sequence);

    /**
     * Reads another sequence that begins like the last of {@link #readFirst}, alone.
     *
     * @param rest what follows the common beginning
     * @return as {@link #run}
     */
    FloatBuffer readOther(SequencePart rest);

    /** Copies the first slots of a row over another row. */
    void copyRow(int from, int to, int slots);

    /** Gives native memory back. */
    @Override
    void close();
}
