package dev.tessera.importer;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.llamagen.TextEncoderGraph;
import dev.tessera.importer.masked.MuseShape;
import dev.tessera.importer.masked.VqModelShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;
import java.util.List;

/**
 * Imports a Muse checkpoint in Tessera's own layout: reads the tensors, writes the graphs, and seals them as a bundle.
 * The same files and options give the same bytes. Weights are streamed, so memory does not grow with the checkpoint.
 */
public final class MuseImport {
    /** Where a training script may have put the weights, after the top level. */
    private static final List<String> KEYS = List.of("model", "module", "state_dict");

    private final CheckpointFolder folder;
    private final MuseOptions options;

    /** @param directory with the folders transformer, vqvae, text_encoder and tokenizer */
    public MuseImport(Path directory, MuseOptions options) {
        this.folder = new CheckpointFolder(directory);
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
            for (String part : List.of("transformer", "vqvae", "text_encoder")) {
                files.note(part, folder.settings(part));
            }
            files.note("tokenizer", folder.file("tokenizer/tokenizer.json"));
            StateDict transformer =
                    files.open("transformer", folder.weights("transformer")).stateDict(MuseShape.MARKER, KEYS);
            StateDict vq = files.open("vqvae", folder.weights("vqvae")).stateDict(VqModelShape.MARKER, KEYS);
            StateDict text =
                    files.open("text_encoder", folder.weights("text_encoder")).stateDict(TextEncoderGraph.MARKER, KEYS);
            var model = new MuseModel(folder, new MuseModel.Weights(transformer, vq, text), options);
            BundleManifest manifest = model.manifest(name, files.digests());
            return BundleTarget.create(target, manifest, directory -> write(model, directory, progress));
        }
    }

    private static void write(MuseModel model, Path directory, ImportProgress progress) {
        var graphs = model.graphs();
        int done = 0;
        for (var graph : graphs.entrySet()) {
            progress.begins(graph.getKey(), done++, graphs.size());
            OnnxFile.write(graph.getValue().get(), directory.resolve(graph.getKey()));
        }
        model.tokenizer().copyTo(directory.resolve(BundleFiles.TOKENIZER));
    }
}
