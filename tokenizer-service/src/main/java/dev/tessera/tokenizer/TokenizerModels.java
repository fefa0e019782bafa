package dev.tessera.tokenizer;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.ServedModels;
import dev.tessera.tokenizer.Conditioners.ServedModel;
import dev.tessera.tokenizer.onnx.OnnxMapEncoder;
import dev.tessera.tokenizer.onnx.OnnxPictureEncoder;
import dev.tessera.tokenizer.onnx.OnnxTextEncoder;
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
class TokenizerModels {
    private final List<OnnxTextEncoder> encoders = new ArrayList<>();
    private final List<OnnxPictureEncoder> pictureEncoders = new ArrayList<>();
    private final List<OnnxMapEncoder> mapEncoders = new ArrayList<>();
    private final TokenizerConfig config;
    private final MeterRegistry meters;
    private final Conditioners conditioners;

    TokenizerModels(ModelCatalog models, TokenizerConfig config, JobPictures sources, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        config.nativeDirectory().ifPresent(folder -> System.setProperty("DJL_CACHE_DIR", folder.toString()));
        Map<ModelVersion, ServedModel> served = new HashMap<>();
        for (ModelBundle bundle : models.open()) {
            served.put(ModelVersion.of(bundle), new ServedModel(conditioner(bundle), pictures(bundle)));
        }
        this.conditioners = new Conditioners(served, sources);
    }

    @Produces
    @Singleton
    Conditioners conditioners() {
        return conditioners;
    }

    @Produces
    @Singleton
    ServedModels servedModels() {
        return conditioners::versions;
    }

    @PreDestroy
    void close() {
        encoders.forEach(OnnxTextEncoder::close);
        pictureEncoders.forEach(OnnxPictureEncoder::close);
        mapEncoders.forEach(OnnxMapEncoder::close);
    }

    private PictureTokens pictures(ModelBundle bundle) {
        BundleManifest manifest = bundle.manifest();
        PictureEncoder encoder = manifest.files().containsKey(BundleFiles.IMAGE_ENCODER)
                ? pictureEncoder(bundle)
                : (size, rgb) -> {
                    throw new TokenizerException(
                            TokenizerException.Reason.NO_IMAGE_ENCODER, bundle.name() + " has no image encoder");
                };
        return new PictureTokens(encoder, manifest);
    }

    private PictureEncoder pictureEncoder(ModelBundle bundle) {
        OnnxPictureEncoder encoder = OnnxPictureEncoder.open(bundle, options());
        pictureEncoders.add(encoder);
        return new MeasuredPictureEncoder(encoder, bundle.name(), meters);
    }

    private GraphOptions options() {
        return new GraphOptions(config.threads(), config.spinning(), GraphOptions.Optimisation.ALL);
    }

    private Conditioner conditioner(ModelBundle bundle) {
        return switch (bundle.manifest().conditioning()) {
            case ClassConditioning classes ->
                new ClassConditioner(classes.classes(), bundle.manifest().family() == Family.NEXT_SCALE);
            case TextConditioning text -> TextConditioner.of(text, encoder(bundle, text));
            case NoConditioning none -> new NoConditioner();
            case MapConditioning map -> new MapConditioner(mapEncoder(bundle, map));
        };
    }

    private MapEncoder mapEncoder(ModelBundle bundle, MapConditioning map) {
        OnnxMapEncoder encoder = OnnxMapEncoder.open(bundle, map, options());
        mapEncoders.add(encoder);
        return encoder;
    }

    private TextEncoder encoder(ModelBundle bundle, TextConditioning text) {
        OnnxTextEncoder encoder = OnnxTextEncoder.open(bundle, text, options());
        encoders.add(encoder);
        TextEncoder measured = new MeasuredTextEncoder(encoder, bundle.name(), meters);
        return new RememberingTextEncoder(measured, config.rememberedPrompts());
    }
}
