package dev.tessera.tokenizer;

import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Turns what a job asks for into what its model's generator takes. Safe for use by many threads. */
public sealed interface Conditioner permits TextConditioner, ClassConditioner, NoConditioner, MapConditioner {
    /**
     * The work for the job's first image; that of the others differs in the index alone.
     *
     * @throws TokenizerException when the job asks for what the model cannot be conditioned on
     */
    ImageConditioned condition(Job job);
}
