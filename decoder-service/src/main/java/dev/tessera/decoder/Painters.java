package dev.tessera.decoder;

import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Set;

/** The painter of each served model. Immutable. */
public final class Painters {
    private final Map<String, ServedModel> models;

    Painters(Map<String, ServedModel> models) {
        this.models = Map.copyOf(models);
    }

    public Set<String> models() {
        return models.keySet();
    }

    /** @throws DecoderException when the job was accepted for a model, or weights of it, that are not served here */
    ImagePainter of(Job job) {
        ServedModel model = models.get(job.getModel());
        if (model == null || !model.digest().equals(job.getModelDigest())) {
            throw new DecoderException(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model.painter();
    }

    /** @param digest of the model's bundle */
    record ServedModel(String digest, ImagePainter painter) {}
}
