package dev.tessera.generator;

import dev.tessera.generator.Generators.ServedModel;
import dev.tessera.generator.onnx.OnnxNextTokenModel;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.ServedModels;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Opens the models when the service starts, so that one that cannot be used stops the start. */
@Startup
@Singleton
class GeneratorModels {
    private final List<NextTokenGenerator> engines = new ArrayList<>();
    private final GeneratorConfig config;
    private final MeterRegistry meters;
    private final Generators generators;

    GeneratorModels(ModelsConfig models, GeneratorConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        Map<String, ServedModel> served = new TreeMap<>();
        for (ModelBundle bundle : ModelCatalog.open(models.directories()).bundles()) {
            served.put(bundle.name(), serve(bundle));
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
        return generators::models;
    }

    @PreDestroy
    void close() {
        engines.forEach(NextTokenGenerator::close);
    }

    private ServedModel serve(ModelBundle bundle) {
        var options = new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL);
        NextTokenModel model = OnnxNextTokenModel.open(bundle, 2 * config.slots(), options);
        NextTokenModel measured = new MeasuredNextTokenModel(model, bundle.name(), meters);
        var engine = new NextTokenGenerator(bundle.name(), measured, config.slots(), config.drainTimeout());
        engines.add(engine);
        return new ServedModel(bundle.digest(), new MeasuredTokenGenerator(engine, bundle.name(), meters), engine);
    }
}
