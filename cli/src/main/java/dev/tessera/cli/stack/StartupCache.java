package dev.tessera.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The AOT cache of one child (JEP 483, JEP 514): written by the JVM when a recording run ends, used by later runs. Its name
 * follows from all it depends on, so an outdated one is never found. The JVM falls back silently when it cannot use one.
 */
record StartupCache(Path file) {
    private static final String UNFINISHED = ".new";

    static StartupCache of(Path directory, StackService service, List<String> options, List<Path> classPath) {
        return new StartupCache(directory.resolve(service.key() + "-" + fingerprint(options, classPath) + ".aot"));
    }

    boolean exists() {
        return Files.isRegularFile(file);
    }

    /** The JVM options for one run. */
    List<String> options(StackSettings.StartupCaches mode) {
        return switch (mode) {
            case OFF -> List.of();
            case USE -> exists() ? using() : List.of();
            case USE_AND_MAKE -> exists() ? using() : List.of("-XX:AOTCacheOutput=" + unfinished());
        };
    }

    private List<String> using() {
        return List.of("-XX:AOTCache=" + file);
    }

    private Path unfinished() {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }

    /** To be called before a recording run: what an interrupted one left is of no use. */
    void prepare() {
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(unfinished());
            // The JVM's own intermediate file.
            Files.deleteIfExists(unfinished().resolveSibling(unfinished().getFileName() + ".config"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be called when the recording JVM has ended: only a whole cache gets the final name. */
    void adopt() {
        if (!Files.isRegularFile(unfinished())) {
            return;
        }
        try {
            deleteOthers();
            Files.move(unfinished(), file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteOthers() throws IOException {
        String name = file.getFileName().toString();
        String prefix = name.substring(0, name.lastIndexOf('-') + 1);
        try (Stream<Path> files = Files.list(file.getParent())) {
            List<Path> outdated = files.filter(
                            other -> other.getFileName().toString().startsWith(prefix))
                    .filter(other -> !other.equals(unfinished()))
                    .toList();
            for (Path other : outdated) {
                Files.deleteIfExists(other);
            }
        }
    }

    private static String fingerprint(List<String> options, List<Path> classPath) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, System.getProperty("java.home") + Runtime.version() + System.getProperty("java.vm.vendor"));
            options.forEach(option -> add(digest, option));
            for (Path jar : classPath) {
                add(digest, jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
