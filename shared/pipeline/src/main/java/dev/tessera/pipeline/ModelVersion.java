package dev.tessera.pipeline;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.v1.Job;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A model with certain weights. Each has queues of its own, so that work never meets a worker that has other weights.
 *
 * @param model its name
 * @param digest of its bundle, in hex; not empty
 */
public record ModelVersion(String model, String digest) {
    public ModelVersion {
        if (model.isEmpty() || digest.isEmpty()) {
            throw new IllegalArgumentException("a version has a model and a digest: '" + model + "', '" + digest + "'");
        }
    }

    /** The one that the job was accepted for. */
    public static ModelVersion of(Job job) {
        return new ModelVersion(job.getModel(), job.getModelDigest());
    }

    /** The one that the bundle holds. */
    public static ModelVersion of(ModelBundle bundle) {
        return new ModelVersion(bundle.name(), bundle.digest());
    }

    /** The names of the models alone, for people: in order, each once. */
    public static String names(Collection<ModelVersion> versions) {
        return versions.stream().map(ModelVersion::model).distinct().sorted().collect(Collectors.joining(", "));
    }
}
