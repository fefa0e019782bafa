package dev.tessera.generation;

import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;

/**
 * One image to make; its tokens depend on this and the model alone.
 *
 * @param unconditional what guidance leads away from
 * @param steps of a masked model; no other looks at them
 * @param canvas what is there of it already
 * @param partial what was done of it before; its steps need not be done again
 * @param width in pixels; 0, and the height too, where it is the model's own
 */
public record GenerationRequest(
        Condition condition,
        Condition unconditional,
        SamplingParameters sampling,
        ImageRandom random,
        Steps steps,
        Canvas canvas,
        PartialImage partial,
        int width,
        int height) {

    /** An image that nobody has begun. */
    public GenerationRequest(
            Condition condition,
            Condition unconditional,
            SamplingParameters sampling,
            ImageRandom random,
            Steps steps,
            Canvas canvas,
            int width,
            int height) {
        this(condition, unconditional, sampling, random, steps, canvas, PartialImage.none(), width, height);
    }

    /** An image of the model's own size and in its own steps, of which nothing is there. */
    public GenerationRequest(
            Condition condition, Condition unconditional, SamplingParameters sampling, ImageRandom random) {
        this(condition, unconditional, sampling, random, new Canvas.Blank());
    }

    /** An image of the model's own size and in its own steps. */
    public GenerationRequest(
            Condition condition,
            Condition unconditional,
            SamplingParameters sampling,
            ImageRandom random,
            Canvas canvas) {
        this(condition, unconditional, sampling, random, new Steps.ModelsOwn(), canvas, 0, 0);
    }

    /** An image of the model's own size. */
    public GenerationRequest(
            Condition condition,
            Condition unconditional,
            SamplingParameters sampling,
            ImageRandom random,
            Steps steps,
            Canvas canvas) {
        this(condition, unconditional, sampling, random, steps, canvas, 0, 0);
    }

    /** The same image, some of which is done. */
    public GenerationRequest after(PartialImage done) {
        return new GenerationRequest(condition, unconditional, sampling, random, steps, canvas, done, width, height);
    }

    /** @throws GenerationException.Unservable when the message is not a valid request */
    public static GenerationRequest of(ImageConditioned work) {
        try {
            return new GenerationRequest(
                    condition(work.getConditioning()),
                    condition(work.getUnconditional()),
                    sampling(work.getJob().getSampling()),
                    new ImageRandom(work.getJob().getSeed(), work.getImageIndex()),
                    steps(work.getJob()),
                    Canvas.of(work),
                    PartialImage.of(work.getPartial()),
                    work.getJob().getWidth(),
                    work.getJob().getHeight());
        } catch (IllegalArgumentException e) {
            throw new GenerationException.Unservable(Reason.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The finer grid of an image whose base grid is there. Guidance, temperature and steps are the stage's own, unless the
     * job does nothing else; from which of the likeliest tokens to draw is the job's in any case. The random numbers are others than the base grid's.
     *
     * @param base what the generator made, or what a stored or an uploaded picture is
     * @throws GenerationException.Unservable when the messages are no valid request
     */
    public static GenerationRequest upscaling(
            SuperResolution stage,
            Job job,
            int imageIndex,
            TokenGrid base,
            Conditioning conditioning,
            Conditioning unconditional) {
        try {
            return new GenerationRequest(
                    over(base, condition(conditioning)),
                    over(base, condition(unconditional)),
                    job.getUpscale() ? sampling(job.getSampling()) : sampling(stage, job.getSampling()),
                    new ImageRandom(job.getSeed(), imageIndex).ofSuperResolution(),
                    job.getUpscale() ? steps(job) : new Steps.ModelsOwn(),
                    new Canvas.Blank());
        } catch (IllegalArgumentException e) {
            throw new GenerationException.Unservable(Reason.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static SamplingParameters sampling(SuperResolution stage, Sampling asked) {
        return new SamplingParameters(stage.guidanceScale(), stage.temperature(), asked.getTopK(), asked.getTopP());
    }

    /** Anything but a text stays what it is, for the model to refuse. */
    private static Condition over(TokenGrid base, Condition condition) {
        return condition instanceof Condition.OfText text ? new Condition.OfBaseGrid(text.states(), base) : condition;
    }

    private static Condition condition(Conditioning conditioning) {
        return switch (conditioning.getKindCase()) {
            case CLASS_ID -> new Condition.OfClass(conditioning.getClassId());
            case TEXT -> new Condition.OfText(states(conditioning.getText()));
            case MAP -> new Condition.OfMap(TokenMessages.read(conditioning.getMap()));
            case KIND_NOT_SET -> new Condition.None();
        };
    }

    private static TextStates states(dev.tessera.v1.TextStates text) {
        return text.getFloats().isEmpty()
                ? TextStates.fromHalfFloats(
                        text.getTokens(), text.getWidth(), text.getHalfFloats().asReadOnlyByteBuffer())
                : TextStates.fromFloats(
                        text.getTokens(),
                        text.getWidth(),
                        text.getFloats().asReadOnlyByteBuffer(),
                        text.getPooled().asReadOnlyByteBuffer());
    }

    private static Steps steps(Job job) {
        if (!job.hasUnmasking()) {
            return new Steps.ModelsOwn();
        }
        return new Steps.Chosen(job.getUnmasking().getSteps(), schedule(job.getUnmasking()));
    }

    private static UnmaskingSchedule schedule(Unmasking unmasking) {
        return switch (unmasking.getSchedule()) {
            case COSINE -> UnmaskingSchedule.COSINE;
            case LINEAR -> UnmaskingSchedule.LINEAR;
            case SCHEDULE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("schedule is not known");
        };
    }

    private static SamplingParameters sampling(Sampling sampling) {
        return new SamplingParameters(
                sampling.getGuidanceScale(),
                sampling.getTemperature(),
                sampling.getTopK(),
                sampling.getTopP(),
                sampling.getMoreSmooth());
    }
}
