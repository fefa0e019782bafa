package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.llamagen.TokenizerFile;
import dev.tessera.importer.masked.ClipConfig;
import dev.tessera.importer.masked.ClipTextGraph;
import dev.tessera.importer.masked.ClipTokenizer;
import dev.tessera.importer.masked.JsonSettings;
import dev.tessera.importer.masked.MaskedConditionGraph;
import dev.tessera.importer.masked.MaskedGeneratorGraph;
import dev.tessera.importer.masked.MaskedShape;
import dev.tessera.importer.masked.VqModelGraphs;
import dev.tessera.importer.masked.VqModelShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** An aMUSEd transformer, its text encoder and its image tokenizer, known to fit each other, as a manifest and as graphs. */
final class AmusedModel {
    private static final String IMPORTER = "tessera-model-importer";
    private static final List<String> STAGES = List.of("tokenizer", "generator", "decoder");
    private static final int PUBLISHED_STEPS = 12;

    private final AmusedSources sources;
    private final Weights weights;
    private final AmusedOptions options;
    private final MaskedShape shape;
    private final VqModelShape vq;
    private final ClipConfig clip;
    private final ClipTextGraph.Sizes text;
    private final ClipTokenizer clipTokenizer;
    private final JsonSettings scheduler;
    private final int side;

    /** @throws ImportException when the parts contradict each other or the options */
    AmusedModel(AmusedSources sources, Weights weights, AmusedOptions options) {
        this.sources = sources;
        this.weights = weights;
        this.options = options;
        JsonSettings settings = JsonSettings.read(sources.transformerSettings());
        this.shape = MaskedShape.of(weights.transformer(), settings);
        this.vq = VqModelShape.of(
                weights.imageTokenizer(),
                JsonSettings.read(sources.imageTokenizerSettings())
                        .positiveOr("norm_num_groups", options.bundle().normGroups()));
        this.clip = ClipConfig.of(JsonSettings.read(sources.textEncoderSettings()));
        this.text = ClipTextGraph.Sizes.of(clip, weights.textEncoder());
        this.clipTokenizer = ClipTokenizer.read(sources.tokenizer());
        this.scheduler = JsonSettings.read(sources.scheduler());
        this.side = options.resolution() == 0 ? settings.positive("sample_size") : wholeSide(options.resolution());
        requireOneCodebook();
        requireTextEncoder();
        requireMask();
    }

    /** The state dicts of the three networks. */
    record Weights(StateDict transformer, StateDict imageTokenizer, StateDict textEncoder) {}

    private int wholeSide(int resolution) {
        if (resolution % vq.factor() != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION,
                    "resolution " + resolution + " is not a multiple of " + vq.factor() + ", the pixels of one token");
        }
        return resolution / vq.factor();
    }

    private void requireOneCodebook() {
        if (shape.vocabulary() != vq.codes()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer knows " + shape.vocabulary() + " codes, the image tokenizer " + vq.codes());
        }
        if (shape.halved() && side % 2 != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION, "a grid of side " + side + " cannot be halved, as the transformer does");
        }
    }

    private void requireTextEncoder() {
        if (shape.textWidth() != text.width() || shape.pooledWidth() != text.projected()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer takes text states of " + shape.textWidth() + " and pooled ones of "
                            + shape.pooledWidth() + " numbers, the text encoder makes " + text.width() + " and "
                            + text.projected());
        }
    }

    private void requireMask() {
        int mask = maskToken();
        if (mask < shape.vocabulary() || mask >= shape.words()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    sources.scheduler() + " has the mask token " + mask + ", the transformer has room for it from "
                            + shape.vocabulary() + " to " + (shape.words() - 1));
        }
    }

    private int maskToken() {
        return scheduler.whole("mask_token_id");
    }

    private UnmaskingSchedule schedule() {
        String name = scheduler.textOr("masking_schedule", "cosine");
        return switch (name) {
            case "cosine" -> UnmaskingSchedule.COSINE;
            case "linear" -> UnmaskingSchedule.LINEAR;
            default ->
                throw new ImportException(
                        Reason.UNSUPPORTED,
                        sources.scheduler() + " has the masking_schedule '" + name
                                + "', expected 'cosine' or 'linear'");
        };
    }

    /** Cheap and likely to fail first, the largest last. */
    Map<String, Supplier<OnnxModel>> graphs() {
        WeightStorage storage = options.bundle().storage();
        StateDict images = weights.imageTokenizer();
        StateDict transformer = weights.transformer();
        Map<String, Supplier<OnnxModel>> graphs = new LinkedHashMap<>();
        graphs.put(BundleFiles.IMAGE_DECODER, () -> VqModelGraphs.decoder(vq, images, side, storage));
        graphs.put(BundleFiles.IMAGE_ENCODER, () -> VqModelGraphs.encoder(vq, images, pixels(), storage));
        graphs.put(BundleFiles.TEXT_ENCODER, () -> ClipTextGraph.of(clip, weights.textEncoder(), storage));
        graphs.put(
                BundleFiles.MASKED_CONDITION,
                () -> MaskedConditionGraph.of(shape, transformer, text.maxTokens(), pixels(), storage));
        graphs.put(
                BundleFiles.MASKED_GENERATOR,
                () -> MaskedGeneratorGraph.of(
                        shape, transformer, side, storage, options.bundle().arithmetic()));
        return graphs;
    }

    /** @throws ImportException when it makes ids that the text encoder has no rows for */
    TokenizerFile tokenizer() {
        try {
            return TokenizerFile.of(clipTokenizer.json(), text.vocabulary(), sources.tokenizer());
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, sources.tokenizer() + " cannot be read", e);
        }
    }

    /**
     * The manifest, still without files.
     *
     * @param digests the imported files with theirs
     */
    BundleManifest manifest(String name, Map<String, String> digests) {
        try {
            return new BundleManifest(
                    BundleManifest.FORMAT,
                    name,
                    Family.MASKED,
                    description(),
                    STAGES,
                    new TextConditioning(
                            text.maxTokens(), text.width(), text.projected(), true, clipTokenizer.padding()),
                    new ImageSize(pixels(), pixels()),
                    new Grid(side, side),
                    new Codebook(vq.codes(), vq.dimensions()),
                    new MaskedTransformer(
                            shape.contexts(),
                            shape.modulation(),
                            maskToken(),
                            new UnmaskingDefaults(PUBLISHED_STEPS, schedule(), 0, GuidanceRise.CONSTANT)),
                    options.bundle().sampling().defaults(true, vq.codes()),
                    Map.of(),
                    options.bundle().licence(),
                    new Provenance(IMPORTER, digests),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new ImportException(Reason.INVALID_OPTION, "the bundle cannot be described: " + e.getMessage(), e);
        }
    }

    private int pixels() {
        return side * vq.factor();
    }

    private String description() {
        return options.bundle()
                .descriptionOr("aMUSEd, text-conditional, %d layers of width %d, %d x %d pixels"
                        .formatted(shape.layers(), shape.width(), pixels(), pixels()));
    }
}
