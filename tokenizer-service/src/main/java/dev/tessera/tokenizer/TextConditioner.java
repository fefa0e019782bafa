package dev.tessera.tokenizer;

import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Conditions on a prompt, and on a negative prompt where the job has one or its model needs one. */
public final class TextConditioner implements Conditioner {
    private final TextEncoder encoder;
    private final boolean negativeNeeded;

    /** @param negativeNeeded whether guidance leads away from a text in any case, if only from an empty one */
    private TextConditioner(TextEncoder encoder, boolean negativeNeeded) {
        this.encoder = encoder;
        this.negativeNeeded = negativeNeeded;
    }

    /** For models of that conditioning: those that take padded prompts have no other unconditional input than text. */
    public static TextConditioner of(TextConditioning conditioning, TextEncoder encoder) {
        return new TextConditioner(encoder, conditioning.padded());
    }

    @Override
    public ImageConditioned condition(Job job) {
        if (!job.hasPrompt()) {
            throw new TokenizerException(Reason.CONDITION_MISMATCH, job.getModel() + " takes a prompt, not a class");
        }
        ImageConditioned.Builder work =
                ImageConditioned.newBuilder().setJob(job).setConditioning(encode(job.getPrompt()));
        if (negativeNeeded || !job.getNegativePrompt().isEmpty()) {
            work.setUnconditional(encode(job.getNegativePrompt()));
        }
        return work.build();
    }

    private Conditioning encode(String prompt) {
        return Conditioning.newBuilder().setText(encoder.encode(prompt)).build();
    }
}
