package dev.tessera.generator;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.Generators;
import dev.tessera.generation.ImageReports;
import dev.tessera.generation.ImageWorker;
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
import dev.tessera.pipeline.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

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
        this.generators = Generators.of(models.open(), this::engine, meters);
    }

    @Produces
    @Singleton
    Generators generators() {
        return generators;
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
