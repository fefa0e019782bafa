package dev.tessera.gateway;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Two bundles on disk, of which the gateway reads the manifests: {@code tiny-text}, the default, and {@code tiny-class}. */
public final class BundleResource implements QuarkusTestResourceLifecycleManager {
    private static final List<String> FILES = List.of(
            BundleFiles.TEXT_ENCODER,
            BundleFiles.TOKENIZER,
            BundleFiles.CAPTION,
            BundleFiles.EMBEDDING,
            BundleFiles.GENERATOR,
            BundleFiles.IMAGE_DECODER);

    private Optional<Path> folder = Optional.empty();

    @Override
    public Map<String, String> start() {
        try {
            Path root = Files.createTempDirectory("tessera-bundles");
            folder = Optional.of(root);
            List<String> directories = List.of(
                    bundle(root, TestModels.TEXT.manifest()).toString(),
                    bundle(root, TestModels.CLASS.manifest()).toString());
            return Map.of(
                    "tessera.models.directories",
                    String.join(",", directories),
                    "tessera.gateway.default-model",
                    "tiny-text");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        folder.ifPresent(BundleResource::delete);
    }

    private static Path bundle(Path root, BundleManifest manifest) throws IOException {
        Path directory = Files.createDirectory(root.resolve(manifest.name()));
        for (String file : FILES) {
            Files.writeString(directory.resolve(file), file);
        }
        for (String file : manifest.files().keySet()) {
            Files.writeString(directory.resolve(file), file);
        }
        return ManifestFile.seal(directory, manifest).directory();
    }

    private static void delete(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
