package dev.tessera.generation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The text encoder's states of a prompt: [tokens, width], row-major, and for some models one pooled state that stands for
 * the whole prompt. Immutable.
 */
public final class TextStates {
    private final int tokens;
    private final int width;
    private final float[] values;
    private final float[] pooled;

    private TextStates(int tokens, int width, float[] values, float[] pooled) {
        this.tokens = tokens;
        this.width = width;
        this.values = values;
        this.pooled = pooled;
    }

    /**
     * @param floats tokens × width single-precision numbers, row-major, little-endian
     * @param pooled likewise, of any width; empty for none
     * @throws IllegalArgumentException when the bytes are more or fewer
     */
    public static TextStates fromFloats(int tokens, int width, ByteBuffer floats, ByteBuffer pooled) {
        if (tokens < 1
                || width < 1
                || (long) tokens * width * Float.BYTES != floats.remaining()
                || pooled.remaining() % Float.BYTES != 0) {
            throw new IllegalArgumentException(floats.remaining() + " bytes are not " + tokens + " x " + width
                    + " single-precision numbers, or " + pooled.remaining() + " are none at all");
        }
        return new TextStates(tokens, width, singles(floats), singles(pooled));
    }

    private static float[] singles(ByteBuffer bytes) {
        var buffer = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /**
     * @param halfFloats tokens × width IEEE 754 half-precision numbers, row-major, little-endian
     * @throws IllegalArgumentException when the bytes are more or fewer
     */
    public static TextStates fromHalfFloats(int tokens, int width, ByteBuffer halfFloats) {
        if (tokens < 1 || width < 1 || (long) tokens * width * Short.BYTES != halfFloats.remaining()) {
            throw new IllegalArgumentException(
                    halfFloats.remaining() + " bytes are not " + tokens + " x " + width + " half-precision numbers");
        }
        var halves = halfFloats.slice().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] values = new float[tokens * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(halves.get(i));
        }
        return new TextStates(tokens, width, values, new float[0]);
    }

    public int tokens() {
        return tokens;
    }

    public int width() {
        return width;
    }

    /** 0 where there is no pooled state. */
    public int pooledWidth() {
        return pooled.length;
    }

    /** Writes the pooled state to a buffer from its index 0. */
    public void copyPooledTo(FloatBuffer target) {
        target.put(0, pooled);
    }

    /** Writes all values to a buffer from its index 0. */
    public void copyTo(FloatBuffer target) {
        target.put(0, values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextStates states
                && width == states.width
                && Arrays.equals(values, states.values)
                && Arrays.equals(pooled, states.pooled);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "TextStates[" + tokens + " x " + width + (pooled.length == 0 ? "" : " and " + pooled.length) + "]";
    }
}
