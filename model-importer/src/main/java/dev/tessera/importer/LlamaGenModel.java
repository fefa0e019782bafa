package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.LlamaGenCheckpoints.TextEncoder;
import dev.tessera.importer.llamagen.GptShape;
import dev.tessera.importer.llamagen.VqShape;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.TextConditioning;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dimensions of a LlamaGen model whose parts are known to fit each other. */
final class LlamaGenModel {
    private static final String IMPORTER = "tessera-model-importer";
    private static final List<String> STAGES = List.of("tokenizer", "generator", "decoder");

    private final LlamaGenCheckpoints checkpoints;
    private final LlamaGenOptions options;
    private final GptShape gpt;
    private final VqShape vq;

    /** @throws ImportException when the parts contradict each other or the options */
    LlamaGenModel(LlamaGenCheckpoints checkpoints, LlamaGenOptions options) {
        this.checkpoints = checkpoints;
        this.options = options;
        this.gpt = GptShape.of(checkpoints.gpt(), options.heads());
        this.vq = VqShape.of(checkpoints.vq(), options.bundle().normGroups());
        requireOneVocabulary();
        requireWholeGrid();
        requireTextEncoder(checkpoints.textEncoder());
    }

    GptShape gpt() {
        return gpt;
    }

    VqShape vq() {
        return vq;
    }

    /** Rows and columns of the token grid. */
    int gridSide() {
        return options.resolution() / vq.factor();
    }

    int resolution() {
        return options.resolution();
    }

    boolean halfAttention() {
        return options.halfAttention();
    }

    private void requireOneVocabulary() {
        if (gpt.vocabulary() != vq.codes()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer knows " + gpt.vocabulary() + " codes, the image tokenizer " + vq.codes());
        }
    }

    private void requireWholeGrid() {
        if (options.resolution() % vq.factor() != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION,
                    "resolution " + options.resolution() + " is not a multiple of " + vq.factor()
                            + ", the pixels of one token");
        }
    }

    private void requireTextEncoder(Optional<TextEncoder> text) {
        if (gpt.text() != text.isPresent()) {
            throw new ImportException(
                    Reason.INVALID_OPTION,
                    gpt.text()
                            ? "a text-conditional transformer needs a text encoder"
                            : "a class-conditional transformer takes no text encoder");
        }
        text.filter(encoder -> encoder.config().width() != gpt.conditions()).ifPresent(encoder -> {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer takes text states of " + gpt.conditions() + " numbers, the text encoder makes "
                            + encoder.config().width());
        });
    }

    /** The manifest, still without files; the provenance takes reading every source once. */
    BundleManifest manifest(String name) {
        try {
            return new BundleManifest(
                    BundleManifest.FORMAT,
                    name,
                    Family.NEXT_TOKEN,
                    description(),
                    STAGES,
                    conditioning(),
                    new ImageSize(resolution(), resolution()),
                    new Grid(gridSide(), gridSide()),
                    new Codebook(vq.codes(), vq.dimensions()),
                    new NextTokenTransformer(
                            gpt.layers(),
                            gpt.heads(),
                            gpt.paddedHeadSize(),
                            gpt.width(),
                            gpt.prefix(),
                            options.halfAttention()),
                    options.bundle().sampling().defaults(gpt.text(), vq.codes()),
                    Map.of(),
                    options.bundle().licence(),
                    new Provenance(IMPORTER, checkpoints.digests()),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new ImportException(Reason.INVALID_OPTION, "the bundle cannot be described: " + e.getMessage(), e);
        }
    }

    private Conditioning conditioning() {
        return gpt.text() ? new TextConditioning(gpt.prefix(), gpt.conditions()) : new ClassConditioning(gpt.classes());
    }

    private String description() {
        return options.bundle()
                .descriptionOr("LlamaGen, %s-conditional, %d layers of width %d, %d x %d pixels"
                        .formatted(
                                gpt.text() ? "text" : "class", gpt.layers(), gpt.width(), resolution(), resolution()));
    }
}
