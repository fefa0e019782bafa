package dev.tessera.generator;

import dev.tessera.generator.GeneratorException.Reason;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Sampling;

/**
 * One image to make; its tokens depend on this and the model alone.
 *
 * @param unconditional what guidance leads away from
 * @param canvas what is there of it already
 */
public record GenerationRequest(
        Condition condition, Condition unconditional, SamplingParameters sampling, ImageRandom random, Canvas canvas) {

    /** An image of which nothing is there. */
    public GenerationRequest(
            Condition condition, Condition unconditional, SamplingParameters sampling, ImageRandom random) {
        this(condition, unconditional, sampling, random, new Canvas.Blank());
    }

    /** @throws GeneratorException.Unservable when the message is not a valid request */
    public static GenerationRequest of(ImageConditioned work) {
        try {
            return new GenerationRequest(
                    condition(work.getConditioning()),
                    condition(work.getUnconditional()),
                    sampling(work.getJob().getSampling()),
                    new ImageRandom(work.getJob().getSeed(), work.getImageIndex()),
                    Canvas.of(work));
        } catch (IllegalArgumentException e) {
            throw new GeneratorException.Unservable(Reason.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static Condition condition(Conditioning conditioning) {
        return switch (conditioning.getKindCase()) {
            case CLASS_ID -> new Condition.OfClass(conditioning.getClassId());
            case TEXT -> {
                var text = conditioning.getText();
                yield new Condition.OfText(TextStates.fromHalfFloats(
                        text.getTokens(), text.getWidth(), text.getHalfFloats().asReadOnlyByteBuffer()));
            }
            case KIND_NOT_SET -> new Condition.None();
        };
    }

    private static SamplingParameters sampling(Sampling sampling) {
        return new SamplingParameters(
                sampling.getGuidanceScale(), sampling.getTemperature(), sampling.getTopK(), sampling.getTopP());
    }
}
