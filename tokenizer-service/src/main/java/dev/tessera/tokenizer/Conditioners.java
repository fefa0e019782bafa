package dev.tessera.tokenizer;

import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The conditioner of each version of a model that is served, and the pictures that jobs bring along. Immutable. */
public final class Conditioners {
    private final Map<ModelVersion, ServedModel> models;
    private final JobPictures pictures;

    Conditioners(Map<ModelVersion, ServedModel> models, JobPictures pictures) {
        this.models = Map.copyOf(models);
        this.pictures = pictures;
    }

    public Set<ModelVersion> versions() {
        return models.keySet();
    }

    /**
     * The work for the job's first image, with what is known of it where the job is an edit; empty for a job that has
     * ended, and whose pictures are gone with it.
     *
     * @throws TokenizerException when the job was accepted for a model, or weights of it, that are not served here, or
     *     asks for what the model cannot do
     */
    Optional<ImageConditioned> condition(Job job) {
        ServedModel model = model(job);
        Optional<ImageConditioned> work = condition(model.conditioner(), job);
        if (!job.hasEdit()) {
            return work;
        }
        return work.flatMap(plain -> pictures.edited(job)
                .map(source -> model.pictures().of(job.getEdit(), source))
                .map(known -> plain.toBuilder().setKnown(known).build()));
    }

    private Optional<ImageConditioned> condition(Conditioner conditioner, Job job) {
        return switch (conditioner) {
            case MapConditioner maps
            when job.hasConditionMap() -> pictures.condition(job).map(map -> maps.condition(job, map));
            default -> Optional.of(conditioner.condition(job));
        };
    }

    private ServedModel model(Job job) {
        ServedModel model = models.get(ModelVersion.of(job));
        if (model == null) {
            throw new TokenizerException(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model;
    }

    /** What a version of a model does with texts, classes and maps, and with pictures. */
    record ServedModel(Conditioner conditioner, PictureTokens pictures) {}
}
