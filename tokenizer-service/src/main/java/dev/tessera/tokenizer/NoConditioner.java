package dev.tessera.tokenizer;

import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Conditions on nothing: of a model that has no other kind of picture to ask for. */
public final class NoConditioner implements Conditioner {
    @Override
    public ImageConditioned condition(Job job) {
        if (job.hasClassId() || job.hasPrompt() || !job.getNegativePrompt().isEmpty()) {
            throw new TokenizerException(
                    Reason.CONDITION_MISMATCH, job.getModel() + " takes neither a class nor a prompt");
        }
        return ImageConditioned.newBuilder().setJob(job).build();
    }
}
