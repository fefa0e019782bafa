package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files that lie in a bundle's folder, the manifest aside. */
final class BundleFolder {
    private BundleFolder() {}

    /** Every file's name with its SHA-256. */
    static Map<String, String> digests(Path directory) {
        Map<String, String> digests = new TreeMap<>();
        for (String name : names(directory)) {
            if (!ManifestRules.isFileName(name) || !Files.isRegularFile(directory.resolve(name))) {
                throw new BundleException(
                        Reason.FILE_UNKNOWN,
                        directory.resolve(name) + " cannot be part of a bundle: only plain files can");
            }
            digests.put(name, digest(directory.resolve(name)));
        }
        return digests;
    }

    /** Compares the folder with what the manifest vouches for, file by file. */
    static void verify(Path directory, Map<String, String> vouchedFor) {
        requireNoOthers(directory, vouchedFor.keySet());
        vouchedFor.forEach((name, sha256) -> verify(directory.resolve(name), sha256));
    }

    static void requireNoOthers(Path directory, Set<String> vouchedFor) {
        for (String name : names(directory)) {
            if (!vouchedFor.contains(name)) {
                throw new BundleException(
                        Reason.FILE_UNKNOWN,
                        directory.resolve(name) + " is not in " + BundleManifest.FILE_NAME
                                + ": remove it, or import again");
            }
        }
    }

    private static void verify(Path file, String sha256) {
        if (!Files.isRegularFile(file)) {
            throw new BundleException(
                    Reason.FILE_MISSING, file + " is missing: " + BundleManifest.FILE_NAME + " lists it");
        }
        String found = digest(file);
        if (!found.equals(sha256)) {
            throw new BundleException(
                    Reason.FILE_ALTERED,
                    file + " was altered: its SHA-256 is " + found + ", " + BundleManifest.FILE_NAME + " says "
                            + sha256);
        }
    }

    private static SortedSet<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            SortedSet<String> names = new TreeSet<>();
            files.map(file -> directory.relativize(file).toString()).forEach(names::add);
            names.remove(BundleManifest.FILE_NAME);
            return names;
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new BundleException(
                    Reason.INVALID_MANIFEST, directory + " is not a folder: there is no model bundle", e);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static String digest(Path file) {
        try {
            return FileDigest.of(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static BundleException unreadable(Path path, IOException cause) {
        return new BundleException(Reason.UNREADABLE, path + " cannot be read: " + cause.getMessage(), cause);
    }
}
