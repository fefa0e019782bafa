package dev.tessera.superres;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.Generators;
import dev.tessera.generation.ImageReports;
import dev.tessera.generation.ImageWorker;
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
import dev.tessera.pipeline.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
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
        List<ModelBundle> bundles = models.open().stream()
                .filter(bundle -> bundle.manifest().superres().isPresent())
                .toList();
        if (bundles.isEmpty()) {
            LOG.warn(
                    "event=nothing-to-do stage=superres none of the models in tessera.models.directories has this stage");
        }
        this.generators = Generators.of(bundles, this::engine, meters);
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
                published, StageEvents.ofUpscaling(events), config.progressInterval(), Clock.systemUTC());
        return new ImageWorker(Stage.SUPERRES, reports, demand);
    }

    @PreDestroy
    void close() {
        generators.close();
    }

    private GenerationEngine engine(ModelBundle bundle) {
        var options = new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL);
        var model = OnnxMaskedModel.openSuperResolution(bundle, 2 * config.slots(), options);
        var measured = new MeasuredMaskedModel(model, bundle.name(), meters);
        return MaskedEngine.of(Stage.SUPERRES, bundle.name(), measured, config.slots(), config.drainTimeout());
    }
}
