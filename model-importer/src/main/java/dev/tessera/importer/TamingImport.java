package dev.tessera.importer;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.windowed.WindowShape;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Imports a VQGAN + GPT checkpoint of taming-transformers: reads the tensors, writes the graphs, and seals them as a
 * bundle. The same files and options give the same bytes. Weights are streamed, so memory does not grow with the
 * checkpoint; what belongs to training alone (losses, masks, optimiser states) is never read.
 */
public final class TamingImport {
    private static final List<String> KEYS = List.of("state_dict");

    private final Path checkpoint;
    private final Path config;
    private final TamingOptions options;

    /**
     * @param checkpoint the {@code .ckpt} of a Net2NetTransformer, which holds the VQGANs too
     * @param config the project's yaml beside it
     */
    public TamingImport(Path checkpoint, Path config, TamingOptions options) {
        this.checkpoint = checkpoint;
        this.config = config;
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
            files.note("config", config);
            StateDict weights =
                    files.open("checkpoint", checkpoint).stateDict(WindowShape.TRANSFORMER + "tok_emb.weight", KEYS);
            var model = new TamingModel(weights, TamingConfig.read(config), options);
            BundleManifest manifest = model.manifest(name, files.digests());
            return BundleTarget.create(
                    target, manifest, options.bundle(), directory -> write(model.graphs(), directory, progress));
        }
    }

    private static void write(Map<String, Supplier<OnnxModel>> graphs, Path directory, ImportProgress progress) {
        int done = 0;
        for (var graph : graphs.entrySet()) {
            progress.begins(graph.getKey(), done++, graphs.size());
            OnnxFile.write(graph.getValue().get(), directory.resolve(graph.getKey()));
        }
    }
}
