package dev.tessera.generator;

import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.LatentPicture;
import java.nio.FloatBuffer;

/**
 * A network that draws one grid after the other, over rows that each hold one sequence: a class, a latent picture with
 * the scales drawn so far, and their keys and values. What a row computes depends on its own content alone, bit for bit.
 * For one thread at a time.
 */
public interface NextScaleModel extends AutoCloseable {
    NextScaleDimensions dimensions();

    /** The codebook. */
    CodeVectors codes();

    /** How many rows there are. */
    int rows();

    /** Begins a row anew with a blank picture of a class; the number of classes stands for none. */
    void begin(int row, int classId);

    /** Begins a row anew with the picture that the row before it has, now and later, and another class. */
    void accompany(int row, int classId);

    /**
     * Runs neighbouring rows that are all at this scale. A row and those that accompany it stand together.
     *
     * @param from the first row
     * @param to the row after the last
     * @return logits [to − from, tokens of the scale, vocabulary], row-major, good until the next call
     */
    FloatBuffer advance(int scale, int from, int to);

    /** Puts the tokens of a scale into the picture of a row that was begun, in row-major order. */
    void refine(int row, int scale, int[] tokens);

    /**
     * Puts vectors of a scale into the picture of a row that was begun.
     *
     * @param vectors [tokens of the scale in row-major order, dimensions]
     */
    void refine(int row, int scale, float[] vectors);

    /** The picture of a row that was begun. */
    LatentPicture latent(int row);

    /** Copies a row over another, with the keys and values of the scales before this one. */
    void copyRow(int from, int to, int scale);

    /** Gives native memory back. */
    @Override
    void close();
}
