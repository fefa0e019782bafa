package dev.tessera.tokenizer;

import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Of a model that is conditioned on a map: no job can carry one, so none can be done. */
public final class MapConditioner implements Conditioner {
    @Override
    public ImageConditioned condition(Job job) {
        throw new TokenizerException(
                Reason.CONDITION_MISMATCH, job.getModel() + " is conditioned on a map, which a job cannot carry");
    }
}
