package dev.tessera.generation;

import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The generator of each served model. */
public final class Generators implements AutoCloseable {
    private final Map<String, ServedModel> models;

    public Generators(Map<String, ServedModel> models) {
        this.models = new TreeMap<>(models);
    }

    public Set<String> models() {
        return models.keySet();
    }

    /** Models whose generators cannot be expected to make images. */
    public Set<String> broken() {
        return models.entrySet().stream()
                .filter(model -> !model.getValue().engine().healthy())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Models whose generators only a restart can bring back. */
    public Set<String> dead() {
        return models.entrySet().stream()
                .filter(model -> !model.getValue().engine().alive())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The super-resolution of the job's model, where it has that stage.
     *
     * @throws GenerationException.Unservable as {@link #of}
     */
    public Optional<SuperResolution> superResolution(Job job) {
        return served(job).superres();
    }

    /** @throws GenerationException.Unservable when the job was accepted for a model, or weights of it, not served here */
    public TokenGenerator of(Job job) {
        return served(job).generator();
    }

    /** As {@link GenerationEngine#leave}, all of them at once. */
    public void leave() {
        models.values().forEach(model -> model.engine().leave());
    }

    /** Leaves, waits until every engine has ended, and closes the networks. */
    @Override
    public void close() {
        leave();
        models.values().forEach(model -> model.engine().close());
    }

    private ServedModel served(Job job) {
        ServedModel model = models.get(job.getModel());
        if (model == null || !model.digest().equals(job.getModelDigest())) {
            throw new GenerationException.Unservable(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model;
    }

    /**
     * One model in service.
     *
     * @param digest of the model's bundle
     * @param generator the engine, measured
     * @param superres of the model, where it has that stage
     */
    public record ServedModel(
            String digest, TokenGenerator generator, GenerationEngine engine, Optional<SuperResolution> superres) {}
}
