package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.masked.JsonSettings;
import dev.tessera.importer.masked.MuseGraphs;
import dev.tessera.importer.masked.MuseShape;
import dev.tessera.importer.masked.SuperResolutionShape;
import dev.tessera.importer.masked.VqModelGraphs;
import dev.tessera.importer.masked.VqModelShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A Muse checkpoint's super-resolution transformer and the image tokenizer of its finer grid. */
final class MuseUpscaling {
    private static final int PUBLISHED_STEPS = 8;

    private final Weights weights;
    private final JsonSettings settings;
    private final SuperResolutionShape shape;
    private final VqModelShape vq;

    /**
     * @param settings of the transformer
     * @param vq of the finer grid
     * @throws ImportException when the transformer does not know the image tokenizer's codes
     */
    MuseUpscaling(Weights weights, JsonSettings settings, VqModelShape vq) {
        this.weights = weights;
        this.settings = settings;
        this.shape = SuperResolutionShape.of(weights.transformer(), settings);
        this.vq = vq;
        if (shape.fine().vocabulary() != vq.codes()) {
            throw contradiction(
                    "knows " + shape.fine().vocabulary() + " codes, the image tokenizer of its grid " + vq.codes());
        }
    }

    /** The state dicts of the two networks. */
    record Weights(StateDict transformer, StateDict imageTokenizer) {}

    /** @throws ImportException when it is made for another base grid or other texts */
    void requireFit(MuseShape base, int textTokens) {
        if (shape.baseCells() != base.cells()) {
            throw contradiction(
                    "takes base grids of " + shape.baseCells() + " cells, the transformer's has " + base.cells());
        }
        if (shape.baseCodes() != base.vocabulary()) {
            throw contradiction(
                    "knows " + shape.baseCodes() + " codes of the base grid, the transformer " + base.vocabulary());
        }
        if (shape.fine().textWidth() != base.textWidth()) {
            throw contradiction("takes text states of " + shape.fine().textWidth() + " numbers, the transformer "
                    + base.textWidth());
        }
        if (settings.positiveOr("text_tokens", textTokens) != textTokens) {
            throw contradiction("has another number of text_tokens than the transformer's " + textTokens);
        }
    }

    private static ImportException contradiction(String what) {
        return new ImportException(Reason.WRONG_SHAPE, "the super-resolution transformer " + what);
    }

    /** Of a side of the finished picture. */
    int pixels() {
        return shape.fine().side() * vq.factor();
    }

    OnnxModel decoder(WeightStorage storage) {
        return VqModelGraphs.decoder(vq, weights.imageTokenizer(), shape.fine().side(), storage);
    }

    /** Those of the stage itself. */
    Map<String, Supplier<OnnxModel>> graphs(int textTokens, BundleOptions options) {
        StateDict transformer = weights.transformer();
        Map<String, Supplier<OnnxModel>> graphs = new LinkedHashMap<>();
        graphs.put(
                BundleFiles.SUPERRES_CONDITION,
                () -> MuseGraphs.superresCondition(shape, transformer, textTokens, options.storage()));
        graphs.put(
                BundleFiles.SUPERRES,
                () -> MuseGraphs.superres(shape, transformer, options.storage(), options.arithmetic()));
        return graphs;
    }

    /**
     * The manifest's section; what the settings do not say of steps and sampling is the published number of steps and the
     * base's sampling.
     *
     * @param basePixels of a side of the base picture
     */
    SuperResolution section(int basePixels, Defaults base) {
        MuseShape fine = shape.fine();
        return new SuperResolution(
                new ImageSize(basePixels, basePixels),
                new Grid(fine.side(), fine.side()),
                new Codebook(vq.codes(), vq.dimensions()),
                fine.contexts(),
                fine.maskToken(),
                new UnmaskingDefaults(
                        settings.positiveOr("steps", PUBLISHED_STEPS), schedule(), 0, GuidanceRise.LINEAR),
                settings.numberOr("guidance_scale", base.guidanceScale()),
                settings.numberOr("temperature", base.temperature()));
    }

    private UnmaskingSchedule schedule() {
        String name = settings.textOr("schedule", "cosine");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cosine" -> UnmaskingSchedule.COSINE;
            case "linear" -> UnmaskingSchedule.LINEAR;
            default ->
                throw new ImportException(
                        Reason.MALFORMED_FILE,
                        settings + " has the schedule '" + name + "', which is not cosine or linear");
        };
    }

    String description() {
        return "super-resolution of %d layers of width %d to %d x %d pixels"
                .formatted(shape.fine().layers(), shape.fine().width(), pixels(), pixels());
    }
}
