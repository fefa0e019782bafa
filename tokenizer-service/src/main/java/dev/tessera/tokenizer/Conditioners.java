package dev.tessera.tokenizer;

import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Set;

/** The conditioner of each served model. Immutable. */
public final class Conditioners {
    private final Map<String, ServedModel> models;

    Conditioners(Map<String, ServedModel> models) {
        this.models = Map.copyOf(models);
    }

    public Set<String> models() {
        return models.keySet();
    }

    /** @throws TokenizerException when the job was accepted for a model, or weights of it, that are not served here */
    Conditioner of(Job job) {
        ServedModel model = models.get(job.getModel());
        if (model == null || !model.digest().equals(job.getModelDigest())) {
            throw new TokenizerException(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model.conditioner();
    }

    /** @param digest of the model's bundle */
    record ServedModel(String digest, Conditioner conditioner) {}
}
