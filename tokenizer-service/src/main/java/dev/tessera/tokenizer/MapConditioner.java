package dev.tessera.tokenizer;

import dev.tessera.pipeline.TokenMessages;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.ConditionSource;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Conditions on a map of the picture's own size, which a job brings along. */
public final class MapConditioner implements Conditioner {
    private final MapEncoder encoder;

    public MapConditioner(MapEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public ImageConditioned condition(Job job) {
        throw new TokenizerException(Reason.CONDITION_MISMATCH, job.getModel() + " takes a map, and the job has none");
    }

    /**
     * The work for the job's first image.
     *
     * @throws TokenizerException when the map is not one that the model can be conditioned on
     */
    ImageConditioned condition(Job job, ConditionSource map) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setConditioning(Conditioning.newBuilder().setMap(TokenMessages.of(encoder.encode(map))))
                .build();
    }
}
