package dev.tessera.generation;

import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.v1.Job;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The generator of each version of a model that is served. */
public final class Generators implements AutoCloseable {
    private final Map<ModelVersion, ServedModel> models;

    public Generators(Map<ModelVersion, ServedModel> models) {
        this.models = Map.copyOf(models);
    }

    /**
     * One measured generator for each bundle.
     *
     * @param engine of a bundle, opened; it is closed with the generators
     */
    public static Generators of(
            List<ModelBundle> bundles, Function<ModelBundle, GenerationEngine> engine, MeterRegistry meters) {
        Map<ModelVersion, ServedModel> models = new HashMap<>();
        for (ModelBundle bundle : bundles) {
            GenerationEngine opened = engine.apply(bundle);
            var measured = new MeasuredTokenGenerator(opened, bundle.name(), meters);
            models.put(
                    ModelVersion.of(bundle),
                    new ServedModel(measured, opened, bundle.manifest().superres()));
        }
        return new Generators(models);
    }

    public Set<ModelVersion> versions() {
        return models.keySet();
    }

    /** Models whose generators cannot be expected to make images. */
    public Set<String> broken() {
        return names(engine -> !engine.healthy());
    }

    /** Models whose generators only a restart can bring back. */
    public Set<String> dead() {
        return names(engine -> !engine.alive());
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

    private Set<String> names(Predicate<GenerationEngine> wanted) {
        return models.entrySet().stream()
                .filter(model -> wanted.test(model.getValue().engine()))
                .map(model -> model.getKey().model())
                .collect(Collectors.toUnmodifiableSet());
    }

    private ServedModel served(Job job) {
        ServedModel model = models.get(ModelVersion.of(job));
        if (model == null) {
            throw new GenerationException.Unservable(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return model;
    }

    /**
     * One version of a model in service.
     *
     * @param generator the engine, measured
     * @param superres of the model, where it has that stage
     */
    public record ServedModel(TokenGenerator generator, GenerationEngine engine, Optional<SuperResolution> superres) {}
}
