package dev.tessera.tokenizer.onnx;

import com.google.protobuf.ByteString;
import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.TextStates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Text states in single precision, for models whose strong guidance would show the rounding of half floats. */
final class SingleFloatStates {
    private SingleFloatStates() {}

    /**
     * @param states tokens × width, row-major
     * @param pooled of no length where there is none
     */
    static TextStates of(float[] states, int width, float[] pooled) {
        return TextStates.newBuilder()
                .setTokens(states.length / width)
                .setWidth(width)
                .setFloats(bytes(states))
                .setPooled(bytes(pooled))
                .build();
    }

    private static ByteString bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new TokenizerException(Reason.STATES_OUT_OF_RANGE, "the text encoder gave a state of " + value);
            }
            bytes.putFloat(value);
        }
        return ByteString.copyFrom(bytes.flip());
    }
}
