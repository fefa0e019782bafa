package dev.tessera.generation;

import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Requests and conditions for tests. */
public final class Requests {
    public static final SamplingParameters GUIDED = new SamplingParameters(3, 1, 0, 1);
    public static final SamplingParameters UNGUIDED = new SamplingParameters(1, 1, 0, 1);

    public static final GenerationObserver NOBODY = new GenerationObserver() {
        @Override
        public void progressed(int tokensDone, int tokensTotal) {}

        @Override
        public boolean stopRequested() {
            return false;
        }
    };

    private Requests() {}

    public static GenerationRequest ofClass(int classId, SamplingParameters sampling, long seed) {
        return new GenerationRequest(
                new Condition.OfClass(classId), new Condition.None(), sampling, new ImageRandom(seed, 0));
    }

    public static GenerationRequest ofText(TextStates states, SamplingParameters sampling, long seed) {
        return new GenerationRequest(
                new Condition.OfText(states), new Condition.None(), sampling, new ImageRandom(seed, 0));
    }

    public static TextStates states(int tokens, int width, long seed) {
        var random = new Random(seed);
        ByteBuffer halves = ByteBuffer.allocate(tokens * width * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (halves.hasRemaining()) {
            halves.putShort(Float.floatToFloat16((float) random.nextGaussian()));
        }
        return TextStates.fromHalfFloats(tokens, width, halves.flip());
    }

    /** Of a model that takes padded prompts, with a pooled state. */
    public static TextStates pooledStates(int tokens, int width, int pooled, long seed) {
        var random = new Random(seed);
        return TextStates.fromFloats(tokens, width, floats(random, tokens * width), floats(random, pooled));
    }

    private static ByteBuffer floats(Random random, int count) {
        ByteBuffer floats = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            floats.putFloat((float) random.nextGaussian());
        }
        return floats.flip();
    }
}
