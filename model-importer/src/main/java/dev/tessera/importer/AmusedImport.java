package dev.tessera.importer;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.llamagen.TokenizerFile;
import dev.tessera.importer.masked.ClipTextGraph;
import dev.tessera.importer.masked.MaskedShape;
import dev.tessera.importer.masked.OpenMuseNames;
import dev.tessera.importer.masked.VqModelShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Imports an aMUSEd checkpoint: reads the tensors, writes the graphs, and seals them as a bundle. The same files and
 * options give the same bytes. Weights are streamed, so memory does not grow with the checkpoint.
 */
public final class AmusedImport {
    /** Where a training script may have put the weights, after the top level; published files are plain state dicts. */
    private static final List<String> KEYS = List.of("model", "module", "state_dict");

    private final AmusedSources sources;
    private final AmusedOptions options;

    /** @param directory with the folders transformer, vqvae, text_encoder, tokenizer and scheduler, or as openMUSE has them */
    public AmusedImport(Path directory, AmusedOptions options) {
        this.sources = new AmusedSources(directory);
        this.options = options;
    }

    /**
     * Writes the bundle beside the target first and renames it when it is whole; after a failure nothing is left.
     *
     * @param name the model's name in requests
     * @param target the bundle's directory, which must not exist
     * @throws ImportException when a source is unsafe, broken or not of this family, or the target exists
     */
    public ManifestFile run(String name, Path target, ImportProgress progress) {
        BundleTarget.requireFree(target);
        try (var files = new OpenFiles()) {
            sources.noteSettings(files);
            StateDict transformer = OpenMuseNames.transformer(
                    files.open("transformer", sources.transformer()).stateDict(MaskedShape.MARKER, KEYS));
            StateDict vq = OpenMuseNames.imageTokenizer(
                    files.open("vqvae", sources.imageTokenizer()).stateDict(VqModelShape.MARKER, KEYS));
            StateDict text = files.open("text_encoder", sources.textEncoder()).stateDict(ClipTextGraph.MARKER, KEYS);
            var model = new AmusedModel(sources, new AmusedModel.Weights(transformer, vq, text), options);
            BundleManifest manifest = model.manifest(name, files.digests());
            return BundleTarget.create(
                    target, manifest, options.bundle(), directory -> write(model, directory, progress));
        }
    }

    private static void write(AmusedModel model, Path directory, ImportProgress progress) {
        Map<String, Supplier<OnnxModel>> graphs = model.graphs();
        int done = 0;
        for (var graph : graphs.entrySet()) {
            progress.begins(graph.getKey(), done++, graphs.size());
            OnnxFile.write(graph.getValue().get(), directory.resolve(graph.getKey()));
        }
        TokenizerFile tokenizer = model.tokenizer();
        tokenizer.copyTo(directory.resolve(BundleFiles.TOKENIZER));
    }
}
