package dev.tessera.generator;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.Generators;
import dev.tessera.generation.Generators.ServedModel;
import dev.tessera.generation.ImageReports;
import dev.tessera.generation.ImageWorker;
import dev.tessera.generation.MeasuredTokenGenerator;
import dev.tessera.generation.StageEvents;
import dev.tessera.generation.masked.MeasuredMaskedModel;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.generator.onnx.OnnxNextScaleModel;
import dev.tessera.generator.onnx.OnnxNextTokenModel;
import dev.tessera.generator.onnx.OnnxWindowModel;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.ServedModels;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.TakingEnded;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Opens the models when the service starts, so that one that cannot be used stops the start. */
@Startup
@Singleton
class GeneratorModels {
    private final GeneratorConfig config;
    private final MeterRegistry meters;
    private final Generators generators;

    GeneratorModels(ModelCatalog models, GeneratorConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        Map<ModelVersion, ServedModel> served = new HashMap<>();
        for (ModelBundle bundle : models.open()) {
            served.put(new ModelVersion(bundle.name(), bundle.digest()), serve(bundle));
        }
        this.generators = new Generators(served);
    }

    @Produces
    @Singleton
    Generators generators() {
        return generators;
    }

    @Produces
    @Singleton
    ServedModels servedModels() {
        return generators::versions;
    }

    /** Images that take long are left to others, while their records are still held and what is done can be published. */
    void leave(@Observes TakingEnded ended) {
        generators.leave();
    }

    @Produces
    @Singleton
    ImageWorker imageWorker(JobEventPublisher published, JobEvents events, JobDemand demand) {
        var reports = new ImageReports(
                published, StageEvents.ofGeneration(events), config.progressInterval(), Clock.systemUTC());
        return new ImageWorker(Stage.GENERATOR, reports, demand);
    }

    @PreDestroy
    void close() {
        generators.close();
    }

    private ServedModel serve(ModelBundle bundle) {
        GenerationEngine engine = engine(bundle);
        return new ServedModel(
                new MeasuredTokenGenerator(engine, bundle.name(), meters),
                engine,
                bundle.manifest().superres());
    }

    private GenerationEngine engine(ModelBundle bundle) {
        var options =
                new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL, config.device());
        String name = bundle.name();
        int rows = 2 * config.slots();
        var families = new GeneratorEngines(name, config.slots(), config.drainTimeout());
        return switch (bundle.manifest().generator()) {
            case NextTokenTransformer network -> {
                var model = OnnxNextTokenModel.open(bundle, rows, options);
                var measured = new MeasuredNextTokenModel(model, name, meters);
                yield families.nextToken(measured);
            }
            case NextScaleTransformer network -> {
                var model = OnnxNextScaleModel.open(bundle, rows, options);
                var measured = new MeasuredNextScaleModel(model, name, meters);
                yield families.nextScale(measured);
            }
            case MaskedTransformer network -> {
                var model = OnnxMaskedModel.open(bundle, rows, options);
                var measured = new MeasuredMaskedModel(model, name, meters);
                yield families.masked(measured);
            }
            case WindowedTransformer network -> {
                var model = OnnxWindowModel.open(bundle, rows, options);
                var measured = new MeasuredWindowModel(model, name, meters);
                yield families.windowed(measured);
            }
        };
    }
}
