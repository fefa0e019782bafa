package dev.tessera.generator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The text encoder's last hidden states of a prompt's valid tokens: [tokens, width], row-major. Immutable. */
public final class TextStates {
    private final int tokens;
    private final int width;
    private final float[] values;

    private TextStates(int tokens, int width, float[] values) {
        this.tokens = tokens;
        this.width = width;
        this.values = values;
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
        return new TextStates(tokens, width, values);
    }

    public int tokens() {
        return tokens;
    }

    public int width() {
        return width;
    }

    /** Writes all values to a buffer from its index 0. */
    public void copyTo(FloatBuffer target) {
        target.put(0, values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextStates states && width == states.width && Arrays.equals(values, states.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "TextStates[" + tokens + " x " + width + "]";
    }
}
