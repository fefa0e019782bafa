package dev.tessera.decoder;

import dev.tessera.decoder.onnx.OnnxImageDecoder;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.ServedModels;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens the models when the service starts, so that one that cannot be used stops the start. */
@Startup
@Singleton
class DecoderModels {
    private final List<OnnxImageDecoder> decoders = new ArrayList<>();
    private final DecoderConfig config;
    private final MeterRegistry meters;
    private final Painters painters;

    DecoderModels(ModelCatalog models, DecoderConfig config, JobPictures sources, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        Map<ModelVersion, ImagePainter> served = new HashMap<>();
        for (ModelBundle bundle : models.open()) {
            served.put(ModelVersion.of(bundle), painter(bundle));
        }
        this.painters = new Painters(served, sources);
    }

    @Produces
    @Singleton
    Painters painters() {
        return painters;
    }

    @Produces
    @Singleton
    ServedModels servedModels() {
        return painters::versions;
    }

    @Produces
    @Singleton
    ImageArchive archive(ObjectStore store) {
        return new ImageArchive(store);
    }

    @PreDestroy
    void close() {
        decoders.forEach(OnnxImageDecoder::close);
    }

    private ImagePainter painter(ModelBundle bundle) {
        GraphOptions options = new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL);
        OnnxImageDecoder decoder = OnnxImageDecoder.open(bundle, options);
        decoders.add(decoder);
        return new ImagePainter(new MeasuredImageDecoder(decoder, bundle.name(), meters));
    }
}
