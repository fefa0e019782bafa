package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A bundle's manifest as it lies on disk. The weights are not looked at: enough for who names models without running
 * them.
 *
 * @param directory the bundle's folder
 * @param digest SHA-256 of the manifest's bytes in hex; since the manifest vouches for every file, it stands for the
 *     whole bundle
 */
public record ManifestFile(Path directory, BundleManifest manifest, String digest) {
    /** A manifest is a few kilobytes; one of this size is none. */
    static final int MAX_BYTES = 1 << 20;

    /** @throws BundleException when there is no manifest in the folder, or not a valid one */
    public static ManifestFile read(Path directory) {
        Path file = directory.resolve(BundleManifest.FILE_NAME);
        byte[] content = bounded(file);
        return new ManifestFile(directory, ManifestYaml.read(content, file.toString()), FileDigest.of(content));
    }

    /**
     * Writes the manifest of a finished folder: it vouches for every file that is there.
     *
     * @param draft the manifest; its files are replaced by those of the folder
     * @throws BundleException when the folder lacks what the family needs, or holds what no bundle may
     */
    public static ManifestFile seal(Path directory, BundleManifest draft) {
        Path file = directory.resolve(BundleManifest.FILE_NAME);
        try {
            byte[] content = ManifestYaml.write(draft.withFiles(BundleFolder.digests(directory)));
            ManifestYaml.read(content, file.toString());
            Files.write(file, content);
        } catch (IOException e) {
            throw new BundleException(Reason.UNREADABLE, file + " cannot be written: " + e.getMessage(), e);
        }
        return read(directory);
    }

    static byte[] bounded(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new BundleException(Reason.INVALID_MANIFEST, file + " is larger than " + MAX_BYTES + " bytes");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new BundleException(Reason.INVALID_MANIFEST, file + " does not exist: this is no model bundle", e);
        } catch (IOException e) {
            throw new BundleException(Reason.UNREADABLE, file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
