package dev.tessera.superres;

import dev.tessera.generation.Generators;
import dev.tessera.generation.Generators.ServedModel;
import dev.tessera.generation.ImageReports;
import dev.tessera.generation.ImageWorker;
import dev.tessera.generation.MeasuredTokenGenerator;
import dev.tessera.generation.StageEvents;
import dev.tessera.generation.masked.MaskedEngine;
import dev.tessera.generation.masked.MeasuredMaskedModel;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelCatalog;
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
import org.jboss.logging.Logger;

/**
 * Opens the models that have super-resolution when the service starts, so that one that cannot be used stops the start.
 * Models without that stage are none of its business; without any with it, there is nothing to do.
 */
@Startup
@Singleton
class SuperResModels {
    private static final Logger LOG = Logger.getLogger(SuperResModels.class);

    private final SuperResConfig config;
    private final MeterRegistry meters;
    private final Generators generators;

    SuperResModels(ModelCatalog models, SuperResConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        Map<ModelVersion, ServedModel> served = new HashMap<>();
        for (ModelBundle bundle : models.open()) {
            if (bundle.manifest().superres().isPresent()) {
                served.put(new ModelVersion(bundle.name(), bundle.digest()), serve(bundle));
            }
        }
        if (served.isEmpty()) {
            LOG.warn(
                    "event=nothing-to-do stage=superres none of the models in tessera.models.directories has this stage");
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

    @Produces
    @Singleton
    ImageWorker imageWorker(JobEventPublisher published, JobEvents events, JobDemand demand) {
        var reports = new ImageReports(
                published, StageEvents.ofUpscaling(events), config.progressInterval(), Clock.systemUTC());
        return new ImageWorker(Stage.SUPERRES, reports, demand);
    }

    /** Images that take long are left to others, while their records are still held and what is done can be published. */
    void leave(@Observes TakingEnded ended) {
        generators.leave();
    }

    @PreDestroy
    void close() {
        generators.close();
    }

    private ServedModel serve(ModelBundle bundle) {
        var options = new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL);
        var model = OnnxMaskedModel.openSuperResolution(bundle, 2 * config.slots(), options);
        var measured = new MeasuredMaskedModel(model, bundle.name(), meters);
        var engine = MaskedEngine.of(Stage.SUPERRES, bundle.name(), measured, config.slots(), config.drainTimeout());
        return new ServedModel(
                new MeasuredTokenGenerator(engine, bundle.name(), meters),
                engine,
                bundle.manifest().superres());
    }
}
