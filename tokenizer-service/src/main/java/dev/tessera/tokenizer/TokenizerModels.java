package dev.tessera.tokenizer;

import dev.tessera.inference.bundle.BundleManifest.ClassConditioning;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.ServedModels;
import dev.tessera.tokenizer.Conditioners.ServedModel;
import dev.tessera.tokenizer.onnx.OnnxTextEncoder;
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
class TokenizerModels {
    private final List<OnnxTextEncoder> encoders = new ArrayList<>();
    private final TokenizerConfig config;
    private final MeterRegistry meters;
    private final Conditioners conditioners;

    TokenizerModels(ModelsConfig models, TokenizerConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        config.nativeDirectory().ifPresent(folder -> System.setProperty("DJL_CACHE_DIR", folder.toString()));
        Map<String, ServedModel> served = new TreeMap<>();
        for (ModelBundle bundle : ModelCatalog.open(models.directories()).bundles()) {
            served.put(bundle.name(), new ServedModel(bundle.digest(), conditioner(bundle)));
        }
        this.conditioners = new Conditioners(served);
    }

    @Produces
    @Singleton
    Conditioners conditioners() {
        return conditioners;
    }

    @Produces
    @Singleton
    ServedModels servedModels() {
        return conditioners::models;
    }

    @PreDestroy
    void close() {
        encoders.forEach(OnnxTextEncoder::close);
    }

    private Conditioner conditioner(ModelBundle bundle) {
        return switch (bundle.manifest().conditioning()) {
            case ClassConditioning classes -> new ClassConditioner(classes.classes());
            case TextConditioning text -> new TextConditioner(encoder(bundle, text));
        };
    }

    private TextEncoder encoder(ModelBundle bundle, TextConditioning text) {
        GraphOptions options = new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL);
        OnnxTextEncoder encoder = OnnxTextEncoder.open(bundle, text, options);
        encoders.add(encoder);
        TextEncoder measured = new MeasuredTextEncoder(encoder, bundle.name(), meters);
        return new RememberingTextEncoder(measured, config.rememberedPrompts());
    }
}
