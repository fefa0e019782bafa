package dev.tessera.tokenizer.onnx;

import com.google.protobuf.ByteString;
import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.TextStates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Text states in half precision: half the bytes on the log, and far finer than what guidance makes of them. */
final class HalfFloatStates {
    /** The largest finite half float. */
    private static final float MAX = 65504;

    private HalfFloatStates() {}

    /** @param states tokens × width, row-major */
    static TextStates of(float[] states, int width) {
        ByteBuffer halves = ByteBuffer.allocate(states.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float state : states) {
            halves.putShort(half(state));
        }
        return TextStates.newBuilder()
                .setTokens(states.length / width)
                .setWidth(width)
                .setHalfFloats(ByteString.copyFrom(halves.flip()))
                .build();
    }

    private static short half(float state) {
        // Also catches what is not a number.
        if (!(Math.abs(state) <= MAX)) {
            throw new TokenizerException(Reason.STATES_OUT_OF_RANGE, "the text encoder gave a state of " + state);
        }
        return Float.floatToFloat16(state);
    }
}
