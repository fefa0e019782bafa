package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.nio.file.Path;

/** A model on disk, whole and unaltered: a folder with a manifest and the files it vouches for. Immutable. */
public final class ModelBundle {
    private final ManifestFile manifestFile;

    private ModelBundle(ManifestFile manifestFile) {
        this.manifestFile = manifestFile;
    }

    /**
     * Reads the manifest and compares every file with it; takes the time it takes to read all weights once.
     *
     * @throws BundleException when a file is missing, altered or not in the manifest; the message names it
     */
    public static ModelBundle open(Path directory) {
        ManifestFile manifestFile = ManifestFile.read(directory);
        BundleFolder.verify(directory, manifestFile.manifest().files());
        return new ModelBundle(manifestFile);
    }

    /** One whose files this process has compared with the manifest just now: only that there are no others is looked at. */
    static ModelBundle compared(ManifestFile manifestFile) {
        BundleFolder.requireNoOthers(
                manifestFile.directory(), manifestFile.manifest().files().keySet());
        return new ModelBundle(manifestFile);
    }

    /** The manifest alone: cheap, and silent about the other files. */
    public static ManifestFile readManifest(Path directory) {
        return ManifestFile.read(directory);
    }

    public String name() {
        return manifest().name();
    }

    public BundleManifest manifest() {
        return manifestFile.manifest();
    }

    /** SHA-256 of the manifest's bytes in hex: two bundles of one digest hold the same weights. */
    public String digest() {
        return manifestFile.digest();
    }

    public Path directory() {
        return manifestFile.directory();
    }

    /**
     * Where a file of the bundle lies.
     *
     * @param name one of {@link BundleFiles}
     * @throws BundleException when the bundle has no such file
     */
    public Path file(String name) {
        if (!manifest().files().containsKey(name)) {
            throw new BundleException(Reason.FILE_MISSING, "bundle " + directory() + " has no " + name);
        }
        return directory().resolve(name);
    }

    @Override
    public String toString() {
        return "ModelBundle[" + name() + " in " + directory() + "]";
    }
}
