package dev.tessera.generator;

import dev.tessera.generator.GeneratorException.Reason;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The generator of each served model. Immutable. */
final class Generators {
    private final Map<String, ServedModel> models;

    Generators(Map<String, ServedModel> models) {
        this.models = new TreeMap<>(models);
    }

    Set<String> models() {
        return models.keySet();
    }

    /** Models whose generators cannot be expected to make images. */
    Set<String> broken() {
        return models.entrySet().stream()
                .filter(model -> !model.getValue().engine().healthy())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Models whose generators only a restart can bring back. */
    Set<String> dead() {
        return models.entrySet().stream()
                .filter(model -> !model.getValue().engine().alive())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws GeneratorException.Unservable when the job was accepted for a model, or weights of it, not served here */
    TokenGenerator of(Job job) {
        ServedModel model = models.get(job.getModel());
        if (model == null || !model.digest().equals(job.getModelDigest())) {
            throw new GeneratorException.Unservable(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model.generator();
    }

    /**
     * One model in service.
     *
     * @param digest of the model's bundle
     * @param generator the engine, measured
     */
    record ServedModel(String digest, TokenGenerator generator, GeneratorEngine engine) {}
}
