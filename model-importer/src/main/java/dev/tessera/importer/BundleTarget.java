package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.BundleException;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A bundle's directory that appears whole or not at all. */
final class BundleTarget {
    private BundleTarget() {}

    static void requireFree(Path target) {
        if (Files.exists(target)) {
            throw new ImportException(Reason.TARGET_EXISTS, target + " exists: nothing is overwritten");
        }
    }

    /**
     * @param manifest of the model, whatever its products are done in
     * @param options say that
     * @param contents fills the directory that it is given
     */
    static ManifestFile create(Path target, BundleManifest manifest, BundleOptions options, Consumer<Path> contents) {
        Path place = target.toAbsolutePath().normalize();
        requireFree(place);
        Path draft = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(draft);
            contents.accept(draft);
            ManifestFile.seal(draft, manifest.withPrecision(options.arithmetic().precision()));
            Files.move(draft, place);
            return ManifestFile.read(place);
        } catch (IOException | BundleException e) {
            throw new ImportException(Reason.WRITE_FAILED, target + " cannot be written: " + e.getMessage(), e);
        } finally {
            delete(draft);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new ImportException(Reason.WRITE_FAILED, directory + " cannot be removed: " + e.getMessage(), e);
        }
    }
}
