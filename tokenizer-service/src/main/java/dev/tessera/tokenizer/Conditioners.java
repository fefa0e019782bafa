package dev.tessera.tokenizer;

import dev.tessera.pipeline.EditSources;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The conditioner of each served model, and the pictures that edits begin with. Immutable. */
public final class Conditioners {
    private final Map<String, ServedModel> models;
    private final EditSources sources;

    Conditioners(Map<String, ServedModel> models, EditSources sources) {
        this.models = Map.copyOf(models);
        this.sources = sources;
    }

    public Set<String> models() {
        return models.keySet();
    }

    /**
     * The work for the job's first image, with what is known of it where the job is an edit; empty for an edit that has
     * ended, and whose picture is gone with it.
     *
     * @throws TokenizerException when the job was accepted for a model, or weights of it, that are not served here, or
     *     asks for what the model cannot do
     */
    Optional<ImageConditioned> condition(Job job) {
        ServedModel model = model(job);
        ImageConditioned work = model.conditioner().condition(job);
        if (!job.hasEdit()) {
            return Optional.of(work);
        }
        return sources.of(job)
                .map(source -> model.pictures().of(job.getEdit(), source))
                .map(known -> work.toBuilder().setKnown(known).build());
    }

    private ServedModel model(Job job) {
        ServedModel model = models.get(job.getModel());
        if (model == null || !model.digest().equals(job.getModelDigest())) {
            throw new TokenizerException(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model;
    }

    /** @param digest of the model's bundle */
    record ServedModel(String digest, Conditioner conditioner, PictureTokens pictures) {}
}
