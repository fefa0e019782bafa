package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.windowed.VqganDecoderGraph;
import dev.tessera.importer.windowed.VqganEncoderGraph;
import dev.tessera.importer.windowed.VqganShape;
import dev.tessera.importer.windowed.WindowEmbeddingGraph;
import dev.tessera.importer.windowed.WindowGeneratorGraph;
import dev.tessera.importer.windowed.WindowShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.WindowedTransformer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A GPT over the tokens of a VQGAN, and what it is conditioned on, known to fit each other. */
final class TamingModel {
    private static final String IMPORTER = "tessera-model-importer";
    private static final List<String> STAGES = List.of("tokenizer", "generator", "decoder");
    private static final int COLOURS = 3;

    private final StateDict transformer;
    private final StateDict firstStage;
    private final StateDict conditionStage;
    private final TamingOptions options;
    private final TamingConfig config;
    private final WindowShape gpt;
    private final VqganShape image;

    /** @throws ImportException when the parts contradict each other or the options */
    TamingModel(StateDict weights, TamingConfig config, TamingOptions options) {
        this.transformer = weights.within(WindowShape.TRANSFORMER);
        this.firstStage = weights.within("first_stage_model.");
        this.conditionStage = weights.within("cond_stage_model.");
        this.options = options;
        this.config = config;
        this.gpt =
                WindowShape.of(transformer, config.heads(), config.condition().isMap());
        this.image = VqganShape.of(firstStage, options.bundle().normGroups());
        requirePictures();
        requireOneVocabulary();
    }

    private void requirePictures() {
        if (image.channels() != COLOURS) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "the first stage encodes " + image.channels() + " channels, not colours");
        }
    }

    private void requireOneVocabulary() {
        if (gpt.vocabulary() != image.codes()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer knows " + gpt.vocabulary() + " codes, the image tokenizer " + image.codes());
        }
        switch (config.condition()) {
            case TamingConfig.Condition.Classes(int count) -> requireCodes(count, "classes");
            case TamingConfig.Condition.Encoded encoded -> requireConditionStage(conditionShape());
            case TamingConfig.Condition.Start start -> {}
        }
    }

    private void requireConditionStage(VqganShape condition) {
        requireCodes(condition.codes(), "condition codes");
        if (condition.factor() != image.factor()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "a token of the condition is " + condition.factor() + " pixels wide, one of the picture "
                            + image.factor());
        }
    }

    private void requireCodes(int count, String what) {
        if (count > gpt.vocabulary()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "there are " + count + " " + what + ", the transformer knows " + gpt.vocabulary() + " codes");
        }
    }

    private VqganShape conditionShape() {
        return VqganShape.of(conditionStage, options.bundle().normGroups());
    }

    /** Cheap and likely to fail first, the largest last. */
    Map<String, Supplier<OnnxModel>> graphs() {
        WeightStorage storage = options.bundle().storage();
        Map<String, Supplier<OnnxModel>> graphs = new LinkedHashMap<>();
        graphs.put(BundleFiles.IMAGE_DECODER, () -> VqganDecoderGraph.of(image, firstStage, storage));
        graphs.put(BundleFiles.IMAGE_ENCODER, () -> VqganEncoderGraph.of("image-encoder", image, firstStage, storage));
        if (config.condition().isMap()) {
            graphs.put(
                    BundleFiles.CONDITION_ENCODER,
                    () -> VqganEncoderGraph.of("condition-encoder", conditionShape(), conditionStage, storage));
        }
        graphs.put(BundleFiles.EMBEDDING, () -> WindowEmbeddingGraph.of(gpt, transformer, storage));
        graphs.put(
                BundleFiles.GENERATOR,
                () -> WindowGeneratorGraph.of(
                        gpt, transformer, storage, options.bundle().arithmetic()));
        return graphs;
    }

    /**
     * The manifest, still without files.
     *
     * @param sources the imported files with their digests
     */
    BundleManifest manifest(String name, Map<String, String> sources) {
        int pixels = gpt.window() * image.factor();
        try {
            return new BundleManifest(
                    BundleManifest.FORMAT,
                    name,
                    Family.WINDOWED,
                    description(pixels),
                    STAGES,
                    conditioning(),
                    new ImageSize(pixels, pixels),
                    new Grid(gpt.window(), gpt.window()),
                    new Codebook(image.codes(), image.dimensions()),
                    new WindowedTransformer(
                            gpt.layers(),
                            gpt.heads(),
                            gpt.paddedHeadSize(),
                            gpt.width(),
                            gpt.prefix(),
                            gpt.window(),
                            options.maxTokens()),
                    options.bundle().sampling().defaults(false, image.codes()),
                    Map.of(),
                    options.bundle().licence(),
                    new Provenance(IMPORTER, sources),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new ImportException(Reason.INVALID_OPTION, "the bundle cannot be described: " + e.getMessage(), e);
        }
    }

    private Conditioning conditioning() {
        return switch (config.condition()) {
            case TamingConfig.Condition.Classes(int count) -> new ClassConditioning(count);
            case TamingConfig.Condition.Start start -> new NoConditioning();
            case TamingConfig.Condition.Encoded(var map) -> {
                VqganShape shape = conditionShape();
                yield new MapConditioning(map, shape.channels(), shape.codes());
            }
        };
    }

    private String description(int pixels) {
        String condition =
                switch (config.condition()) {
                    case TamingConfig.Condition.Classes classes -> "class-conditional";
                    case TamingConfig.Condition.Start start -> "unconditional";
                    case TamingConfig.Condition.Encoded(var map) ->
                        "conditioned on a map of " + map.name().toLowerCase(Locale.ROOT);
                };
        return options.bundle()
                .descriptionOr("VQGAN + GPT, %s, %d layers of width %d, windows of %d x %d pixels"
                        .formatted(condition, gpt.layers(), gpt.width(), pixels, pixels));
    }
}
