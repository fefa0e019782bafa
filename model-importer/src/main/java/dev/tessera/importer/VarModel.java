package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.nextscale.CodesGraph;
import dev.tessera.importer.nextscale.ConditionGraph;
import dev.tessera.importer.nextscale.PictureEncoderGraph;
import dev.tessera.importer.nextscale.PictureGraph;
import dev.tessera.importer.nextscale.ResidualGraph;
import dev.tessera.importer.nextscale.ScaleGeneratorGraph;
import dev.tessera.importer.nextscale.ScaleInputGraph;
import dev.tessera.importer.nextscale.VaeShape;
import dev.tessera.importer.nextscale.VarShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.Provenance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A VAR transformer and its image tokenizer, known to fit each other, as a manifest and as graphs. */
final class VarModel {
    private static final String IMPORTER = "tessera-model-importer";
    private static final List<String> STAGES = List.of("tokenizer", "generator", "decoder");

    private final StateDict transformer;
    private final StateDict tokenizer;
    private final VarOptions options;
    private final VarShape var;
    private final VaeShape vae;

    /** @throws ImportException when the parts contradict each other or the options */
    VarModel(StateDict transformer, StateDict tokenizer, VarOptions options) {
        this.transformer = transformer;
        this.tokenizer = tokenizer;
        this.options = options;
        this.var = VarShape.of(transformer, options.heads(), options.scales());
        this.vae = VaeShape.of(tokenizer, options.bundle().normGroups());
        requireOneCodebook();
    }

    private void requireOneCodebook() {
        if (var.vocabulary() != vae.codes() || var.dimensions() != vae.dimensions()) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "the transformer knows " + var.vocabulary() + " codes of " + var.dimensions()
                            + " numbers, the image tokenizer " + vae.codes() + " of " + vae.dimensions());
        }
    }

    /** Cheap and likely to fail first, the largest last. */
    Map<String, Supplier<OnnxModel>> graphs() {
        WeightStorage storage = options.bundle().storage();
        int side = finest();
        Map<String, Supplier<OnnxModel>> graphs = new LinkedHashMap<>();
        graphs.put(BundleFiles.CODES, () -> CodesGraph.of(vae, tokenizer));
        graphs.put(BundleFiles.RESIDUAL, () -> ResidualGraph.of(vae, tokenizer, var.scales()));
        graphs.put(BundleFiles.IMAGE_DECODER, () -> PictureGraph.of(vae, tokenizer, side, storage));
        if (PictureEncoderGraph.isIn(tokenizer)) {
            graphs.put(BundleFiles.IMAGE_ENCODER, () -> PictureEncoderGraph.of(vae, tokenizer, var.scales(), storage));
        }
        graphs.put(BundleFiles.SCALE_INPUT, () -> ScaleInputGraph.of(var, transformer, storage));
        graphs.put(BundleFiles.CONDITION, () -> ConditionGraph.of(var, transformer, storage));
        graphs.put(
                BundleFiles.SCALE_GENERATOR,
                () -> ScaleGeneratorGraph.of(
                        var, transformer, storage, options.bundle().arithmetic()));
        return graphs;
    }

    /**
     * The manifest, still without files.
     *
     * @param sources the imported files with their digests
     */
    BundleManifest manifest(String name, Map<String, String> sources) {
        int pixels = finest() * vae.factor();
        try {
            return new BundleManifest(
                    BundleManifest.FORMAT,
                    name,
                    Family.NEXT_SCALE,
                    description(pixels),
                    STAGES,
                    new ClassConditioning(var.classes()),
                    new ImageSize(pixels, pixels),
                    new Grid(finest(), finest()),
                    new Codebook(vae.codes(), vae.dimensions()),
                    new NextScaleTransformer(
                            var.layers(),
                            var.heads(),
                            var.headSize(),
                            var.width(),
                            var.scales().sides()),
                    options.bundle().sampling().defaults(false, vae.codes()),
                    Map.of(),
                    options.bundle().licence(),
                    new Provenance(IMPORTER, sources),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new ImportException(Reason.INVALID_OPTION, "the bundle cannot be described: " + e.getMessage(), e);
        }
    }

    private int finest() {
        return var.scales().sides().getLast();
    }

    private String description(int pixels) {
        return options.bundle()
                .descriptionOr("VAR, class-conditional, %d layers of width %d, %d scales, %d x %d pixels"
                        .formatted(
                                var.layers(), var.width(), var.scales().sides().size(), pixels, pixels));
    }
}
