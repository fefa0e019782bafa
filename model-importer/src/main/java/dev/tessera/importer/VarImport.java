package dev.tessera.importer;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.nextscale.VaeShape;
import dev.tessera.importer.nextscale.VarShape;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Imports a VAR checkpoint: reads the tensors, writes the graphs, and seals them as a bundle. The same files and options
 * give the same bytes. Weights are streamed, so memory does not grow with the checkpoint.
 */
public final class VarImport {
    /** Where a training script may have put the weights, after the top level; published files are plain state dicts. */
    private static final List<String> VAR_KEYS = List.of("var_wo_ddp", "model", "module", "state_dict");

    private static final List<String> VAE_KEYS = List.of("vae_local", "model", "module", "state_dict");

    private final Path var;
    private final Path vae;
    private final VarOptions options;

    /**
     * @param var the transformer: a PyTorch zip file, a safetensors file or a safetensors index
     * @param vae the image tokenizer, likewise
     */
    public VarImport(Path var, Path vae, VarOptions options) {
        this.var = var;
        this.vae = vae;
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
            StateDict transformer = files.open("var", var).stateDict(VarShape.MARKER, VAR_KEYS);
            StateDict tokenizer = files.open("vae", vae).stateDict(VaeShape.MARKER, VAE_KEYS);
            var model = new VarModel(transformer, tokenizer, options);
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
