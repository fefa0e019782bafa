package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files an import reads: the checkpoints to close in the end, and the digests for the bundle's provenance. */
final class OpenFiles implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final Map<String, Path> files = new TreeMap<>();

    /** @param role which part of the model it is, since files of two parts may have one name */
    Checkpoint open(String role, Path file) {
        var checkpoint = Checkpoint.open(file);
        checkpoints.add(checkpoint);
        checkpoint.files().forEach(source -> note(role, source));
        return checkpoint;
    }

    /** A file that is read elsewhere. */
    void note(String role, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " is not a file");
        }
        files.put(role + "/" + file.getFileName(), file);
    }

    Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        files.forEach((name, file) -> digests.put(name, digest(file)));
        return digests;
    }

    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        checkpoints.forEach(Checkpoint::close);
    }
}
