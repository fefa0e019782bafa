package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.llamagen.T5Config;
import dev.tessera.importer.llamagen.TextEncoderGraph;
import dev.tessera.importer.llamagen.TokenizerFile;
import dev.tessera.importer.masked.JsonSettings;
import dev.tessera.importer.masked.MuseGraphs;
import dev.tessera.importer.masked.MuseShape;
import dev.tessera.importer.masked.VqModelGraphs;
import dev.tessera.importer.masked.VqModelShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.TextConditioning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A Muse transformer, its text encoder and its image tokenizer, known to fit each other, as a manifest and as graphs. */
final class MuseModel {
    private static final String IMPORTER = "tessera-model-importer";
    private static final List<String> STAGES = List.of("tokenizer", "generator", "decoder");
    private static final List<String> UPSCALED_STAGES = List.of("tokenizer", "generator", "superres", "decoder");

    private final CheckpointFolder folder;
    private final Weights weights;
    private final Optional<MuseUpscaling> upscaling;
    private final MuseOptions options;
    private final MuseShape shape;
    private final VqModelShape vq;
    private final T5Config t5;
    private final int textTokens;
    private final int padding;

    /** @throws ImportException when the parts contradict each other or the options */
    MuseModel(CheckpointFolder folder, Weights weights, Optional<MuseUpscaling> upscaling, MuseOptions options) {
        this.folder = folder;
        this.weights = weights;
        this.upscaling = upscaling;
        this.options = options;
        JsonSettings settings = JsonSettings.read(folder.settings("transformer"));
        this.shape = MuseShape.of(weights.transformer(), settings);
        this.textTokens = settings.positive("text_tokens");
        this.vq = imageTokenizer(folder, "vqvae", weights.imageTokenizer(), options);
        this.t5 = T5Config.read(folder.settings("text_encoder"));
        this.padding = JsonSettings.read(folder.settings("text_encoder")).whole("pad_token_id");
        requireFit();
        upscaling.ifPresent(finer -> finer.requireFit(shape, textTokens));
    }

    /** @param part the sub-folder with its settings */
    static VqModelShape imageTokenizer(CheckpointFolder folder, String part, StateDict weights, MuseOptions options) {
        int groups = JsonSettings.read(folder.settings(part))
                .positiveOr("norm_num_groups", options.bundle().normGroups());
        return VqModelShape.of(weights, groups);
    }

    /** The state dicts of the three networks. */
    record Weights(StateDict transformer, StateDict imageTokenizer, StateDict textEncoder) {}

    private void requireFit() {
        if (shape.vocabulary() != vq.codes()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer knows " + shape.vocabulary() + " codes, the image tokenizer " + vq.codes());
        }
        if (shape.textWidth() != t5.width()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer takes text states of " + shape.textWidth() + " numbers, the text encoder makes "
                            + t5.width());
        }
    }

    /** Cheap and likely to fail first, the largest last. */
    Map<String, Supplier<OnnxModel>> graphs() {
        WeightStorage storage = options.bundle().storage();
        StateDict images = weights.imageTokenizer();
        StateDict transformer = weights.transformer();
        Map<String, Supplier<OnnxModel>> graphs = new LinkedHashMap<>();
        graphs.put(BundleFiles.IMAGE_DECODER, () -> upscaling
                .map(finer -> finer.decoder(storage))
                .orElseGet(() -> VqModelGraphs.decoder(vq, images, shape.side(), storage)));
        graphs.put(BundleFiles.IMAGE_ENCODER, () -> VqModelGraphs.encoder(vq, images, basePixels(), storage));
        graphs.put(BundleFiles.TEXT_ENCODER, () -> TextEncoderGraph.of(t5, weights.textEncoder(), textTokens, storage));
        graphs.put(BundleFiles.MASKED_CONDITION, () -> MuseGraphs.condition(shape, transformer, textTokens, storage));
        graphs.put(
                BundleFiles.MASKED_GENERATOR,
                () -> MuseGraphs.generator(
                        shape, transformer, storage, options.bundle().arithmetic()));
        upscaling.ifPresent(finer -> graphs.putAll(finer.graphs(textTokens, options.bundle())));
        return graphs;
    }

    /** @throws ImportException when it makes ids that the text encoder has no rows for */
    TokenizerFile tokenizer() {
        return TokenizerFile.read(
                folder.file("tokenizer/tokenizer.json"), TextEncoderGraph.vocabulary(t5, weights.textEncoder()));
    }

    /**
     * The manifest, still without files.
     *
     * @param digests the imported files with theirs
     */
    BundleManifest manifest(String name, Map<String, String> digests) {
        Defaults defaults = options.bundle().sampling().defaults(true, vq.codes());
        try {
            return new BundleManifest(
                    BundleManifest.FORMAT,
                    name,
                    Family.MASKED,
                    description(),
                    upscaling.isPresent() ? UPSCALED_STAGES : STAGES,
                    new TextConditioning(textTokens, t5.width(), 0, true, padding),
                    new ImageSize(pixels(), pixels()),
                    new Grid(shape.side(), shape.side()),
                    new Codebook(vq.codes(), vq.dimensions()),
                    new MaskedTransformer(shape.contexts(), 0, shape.maskToken(), options.unmasking()),
                    defaults,
                    upscaling.map(finer -> finer.section(basePixels(), defaults)),
                    Optional.empty(),
                    Map.of(),
                    options.bundle().licence(),
                    new Provenance(IMPORTER, digests),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new ImportException(Reason.INVALID_OPTION, "the bundle cannot be described: " + e.getMessage(), e);
        }
    }

    private int basePixels() {
        return shape.side() * vq.factor();
    }

    private int pixels() {
        return upscaling.map(MuseUpscaling::pixels).orElseGet(this::basePixels);
    }

    private String description() {
        String base = "Muse, text-conditional, %d layers of width %d, %d x %d pixels"
                .formatted(shape.layers(), shape.width(), basePixels(), basePixels());
        return options.bundle()
                .descriptionOr(upscaling
                        .map(finer -> base + ", with " + finer.description())
                        .orElse(base));
    }
}
