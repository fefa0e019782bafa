package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A source in memory that says what was asked of it, and can be away for some requests. */
final class BucketFolder implements BundleSource {
    final Map<String, byte[]> objects = new TreeMap<>();
    final List<String> asked = new ArrayList<>();
    int failures;

    /** Puts a bundle below the prefix. */
    void put(String prefix, Path bundle) throws IOException {
        try (Stream<Path> files = Files.list(bundle)) {
            files.forEach(file -> objects.put(prefix + "/" + bundle.relativize(file), read(file)));
        }
    }

    void put(String name, String content) {
        objects.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A request that fails leaves half of what was asked for. */
    @Override
    public boolean copyTo(String name, OutputStream target) throws IOException {
        asked.add(name);
        byte[] content = objects.getOrDefault(name, new byte[0]);
        if (failures > 0) {
            failures--;
            target.write(content, 0, content.length / 2);
            throw new BundleException(Reason.SOURCE_AWAY, name + " was not read");
        }
        target.write(content);
        return objects.containsKey(name);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
