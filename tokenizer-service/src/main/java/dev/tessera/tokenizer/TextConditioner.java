package dev.tessera.tokenizer;

import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Conditions on a prompt, and on a negative prompt where the job has one. */
public final class TextConditioner implements Conditioner {
    private final TextEncoder encoder;

    public TextConditioner(TextEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public ImageConditioned condition(Job job) {
        if (!job.hasPrompt()) {
            throw new TokenizerException(Reason.CONDITION_MISMATCH, job.getModel() + " takes a prompt, not a class");
        }
        ImageConditioned.Builder work =
                ImageConditioned.newBuilder().setJob(job).setConditioning(encode(job.getPrompt()));
        if (!job.getNegativePrompt().isEmpty()) {
            work.setUnconditional(encode(job.getNegativePrompt()));
        }
        return work.build();
    }

    private Conditioning encode(String prompt) {
        return Conditioning.newBuilder().setText(encoder.encode(prompt)).build();
    }
}
