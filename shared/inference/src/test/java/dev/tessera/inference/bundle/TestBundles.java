package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleManifest.Codebook;
import dev.tessera.inference.bundle.BundleManifest.Defaults;
import dev.tessera.inference.bundle.BundleManifest.Family;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.inference.bundle.BundleManifest.NextTokenTransformer;
import dev.tessera.inference.bundle.BundleManifest.Provenance;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Folders that look like bundles of a text model; their graphs are a few letters. */
final class TestBundles {
    private static final List<String> FILES = List.of(
            BundleFiles.TEXT_ENCODER,
            BundleFiles.TOKENIZER,
            BundleFiles.CAPTION,
            BundleFiles.EMBEDDING,
            BundleFiles.GENERATOR,
            BundleFiles.GENERATOR + ".data",
            BundleFiles.IMAGE_DECODER);

    private TestBundles() {}

    static BundleManifest manifest(String name) {
        return new BundleManifest(
                BundleManifest.FORMAT,
                name,
                Family.NEXT_TOKEN,
                "a model of letters: \"quoted\", with a colon",
                List.of("tokenizer", "generator", "decoder"),
                new TextConditioning(16, 32),
                new ImageSize(64, 64),
                new Grid(16, 16),
                new Codebook(1024, 8),
                new NextTokenTransformer(6, 8, 32, 256, 16),
                new Defaults(4, 1, 2000, 1),
                Map.of(),
                "Apache-2.0",
                new Provenance("tessera 0.1.0", Map.of("gpt.safetensors", "0".repeat(64))),
                Map.of());
    }

    static ManifestFile write(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        for (String file : FILES) {
            Files.writeString(directory.resolve(file), "content of " + file);
        }
        return ManifestFile.seal(directory, manifest(name));
    }
}
