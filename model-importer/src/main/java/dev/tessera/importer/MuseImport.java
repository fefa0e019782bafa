package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.llamagen.TextEncoderGraph;
import dev.tessera.importer.masked.JsonSettings;
import dev.tessera.importer.masked.MuseShape;
import dev.tessera.importer.masked.VqModelShape;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Imports a Muse checkpoint in Tessera's own layout: reads the tensors, writes the graphs, and seals them as a bundle.
 * The same files and options give the same bytes. Weights are streamed, so memory does not grow with the checkpoint.
 */
public final class MuseImport {
    /** Where a training script may have put the weights, after the top level. */
    private static final List<String> KEYS = List.of("model", "module", "state_dict");

    private static final String SUPERRES = "superres";
    private static final String SUPERRES_VQ = "superres_vqvae";

    private final CheckpointFolder folder;
    private final MuseOptions options;

    /** @param directory with the folders transformer, vqvae, text_encoder and tokenizer; maybe superres, superres_vqvae */
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
            files.note("tokenizer", folder.file("tokenizer/tokenizer.json"));
            StateDict transformer = open(files, "transformer", MuseShape.MARKER);
            StateDict vq = open(files, "vqvae", VqModelShape.MARKER);
            StateDict text = open(files, "text_encoder", TextEncoderGraph.MARKER);
            var weights = new MuseModel.Weights(transformer, vq, text);
            var model = new MuseModel(folder, weights, upscaling(files, vq), options);
            BundleManifest manifest = model.manifest(name, files.digests());
            return BundleTarget.create(
                    target, manifest, options.bundle(), directory -> write(model, directory, progress));
        }
    }

    /** @param part a sub-folder */
    private StateDict open(OpenFiles files, String part, String marker) {
        files.note(part, folder.settings(part));
        return files.open(part, folder.weights(part)).stateDict(marker, KEYS);
    }

    /** @param vq of the base grid, which serves the finer one too where that has none of its own */
    private Optional<MuseUpscaling> upscaling(OpenFiles files, StateDict vq) {
        if (!folder.has(SUPERRES)) {
            if (folder.has(SUPERRES_VQ)) {
                throw new ImportException(
                        Reason.UNREADABLE_FILE, folder.file(SUPERRES_VQ) + " is there, but no folder " + SUPERRES);
            }
            return Optional.empty();
        }
        StateDict transformer = open(files, SUPERRES, MuseShape.MARKER);
        boolean own = folder.has(SUPERRES_VQ);
        StateDict images = own ? open(files, SUPERRES_VQ, VqModelShape.MARKER) : vq;
        return Optional.of(new MuseUpscaling(
                new MuseUpscaling.Weights(transformer, images),
                JsonSettings.read(folder.settings(SUPERRES)),
                MuseModel.imageTokenizer(folder, own ? SUPERRES_VQ : "vqvae", images, options)));
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
