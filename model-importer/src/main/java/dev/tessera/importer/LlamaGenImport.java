package dev.tessera.importer;

import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;

/**
 * Imports a LlamaGen checkpoint: reads the tensors, writes the graphs, and seals them as a bundle. The same files and
 * options give the same bytes. Weights are streamed, so memory does not grow with the checkpoint.
 */
public final class LlamaGenImport {
    private final LlamaGenSources sources;
    private final LlamaGenOptions options;

    public LlamaGenImport(LlamaGenSources sources, LlamaGenOptions options) {
        this.sources = sources;
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
        try (var checkpoints = LlamaGenCheckpoints.open(sources)) {
            var model = new LlamaGenModel(checkpoints, options);
            var files = new LlamaGenFiles(checkpoints, model, options.bundle());
            return BundleTarget.create(
                    target, model.manifest(name), options.bundle(), directory -> files.write(directory, progress));
        }
    }
}
