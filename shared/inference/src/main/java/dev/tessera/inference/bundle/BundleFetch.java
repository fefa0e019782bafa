package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Fills a folder with a bundle. Every file is compared with the manifest before it gets its name, and the manifest comes last:
 * a folder that has one has been filled. Such a folder keeps its bundle; what else the source may have by now is not looked at.
 *
 * <p>The folder belongs to one process.
 */
final class BundleFetch {
    /** Where a file is until it has been compared. It is no name that a manifest may have. */
    private static final String UNFINISHED = ".unfinished";

    private static final System.Logger LOG = System.getLogger(BundleFetch.class.getName());

    private final Path directory;
    private final BundleOrigin origin;
    private final BundleSource source;
    private final Patience patience;

    BundleFetch(Path directory, BundleOrigin origin, BundleSource source, Patience patience) {
        this.directory = directory;
        this.origin = origin;
        this.source = source;
        this.patience = patience;
    }

    /**
     * All files that the manifest vouches for; those that are there already are not fetched again. Each is read once: as it
     * comes, or where it lies.
     */
    ModelBundle bundle() {
        byte[] manifest = found();
        BundleManifest content = ManifestYaml.read(manifest, origin.nameOf(BundleManifest.FILE_NAME));
        content.files().forEach(this::file);
        keep(manifest);
        return ModelBundle.compared(new ManifestFile(directory, content, FileDigest.of(manifest)));
    }

    /** The manifest alone, for who does not run the model. */
    void manifest() {
        byte[] manifest = found();
        ManifestYaml.read(manifest, origin.nameOf(BundleManifest.FILE_NAME));
        keep(manifest);
    }

    private byte[] found() {
        Path there = directory.resolve(BundleManifest.FILE_NAME);
        boolean filled = Files.exists(there);
        byte[] manifest = filled ? ManifestFile.bounded(there) : fetchedManifest();
        String digest = FileDigest.of(manifest);
        if (!origin.digest().orElse(digest).equals(digest)) {
            String place = filled ? there + " (empty the folder)" : origin.nameOf(BundleManifest.FILE_NAME);
            throw new BundleException(
                    Reason.FILE_ALTERED,
                    place + " is another bundle: its SHA-256 is " + digest + ", the settings want "
                            + origin.digest().orElseThrow());
        }
        return manifest;
    }

    private byte[] fetchedManifest() {
        String name = origin.nameOf(BundleManifest.FILE_NAME);
        return disk(
                name,
                () -> patience.ask(() -> {
                    var content = new BoundedBytes(name, ManifestFile.MAX_BYTES);
                    if (!source.copyTo(name, content)) {
                        throw new BundleException(
                                Reason.FILE_MISSING,
                                name + " does not exist: put a bundle's files there, " + BundleManifest.FILE_NAME
                                        + " last, or correct the prefix");
                    }
                    return content.toByteArray();
                }));
    }

    private void file(String name, String sha256) {
        Path file = directory.resolve(name);
        disk(file.toString(), () -> {
            if (!Files.isRegularFile(file) || !FileDigest.of(file).equals(sha256)) {
                fetch(name, sha256);
            }
            return file;
        });
    }

    private void fetch(String file, String sha256) throws IOException {
        String name = origin.nameOf(file);
        Files.createDirectories(directory);
        Path unfinished = directory.resolve(UNFINISHED);
        try {
            FileDigest.Counted received = patience.ask(() -> receive(name, unfinished));
            if (!received.sha256().equals(sha256)) {
                throw new BundleException(
                        Reason.FILE_ALTERED,
                        name + " is not the file of this bundle: its SHA-256 is " + received.sha256() + ", "
                                + BundleManifest.FILE_NAME + " says " + sha256
                                + "; put the bundle there again, under a prefix of its own");
            }
            rename(unfinished, file);
            LOG.log(Level.INFO, () -> "event=bundle-file-fetched object=" + name + " bytes=" + received.bytes());
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private FileDigest.Counted receive(String name, Path unfinished) throws IOException {
        try (OutputStream file = Files.newOutputStream(unfinished);
                var counting = new FileDigest.Counting(file)) {
            if (!source.copyTo(name, counting)) {
                throw new BundleException(
                        Reason.FILE_MISSING, name + " does not exist: " + BundleManifest.FILE_NAME + " lists it");
            }
            return counting.counted();
        }
    }

    private void keep(byte[] manifest) {
        Path file = directory.resolve(BundleManifest.FILE_NAME);
        disk(file.toString(), () -> {
            if (Files.notExists(file)) {
                Files.createDirectories(directory);
                Files.write(directory.resolve(UNFINISHED), manifest);
                rename(directory.resolve(UNFINISHED), BundleManifest.FILE_NAME);
            }
            return file;
        });
    }

    private void rename(Path unfinished, String file) throws IOException {
        Files.move(
                unfinished,
                directory.resolve(file),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private <T> T disk(String what, Patience.Request<T> step) {
        try {
            return step.send();
        } catch (IOException e) {
            throw new BundleException(
                    Reason.UNREADABLE,
                    what + " was not written to " + directory + ": "
                            + Optional.ofNullable(e.getMessage()).orElse("")
                            + "; the folder must be writable and have room for the bundle",
                    e);
        }
    }
}
