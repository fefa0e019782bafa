package dev.tessera.decoder;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** The tiny model in a bundle of its own, under the name {@value #NAME}. */
public final class TinyModelResource implements QuarkusTestResourceLifecycleManager {
    static final String NAME = "tiny";
    private final Path folder = folder();

    @Override
    public Map<String, String> start() {
        Path bundle = folder.resolve(NAME);
        TinyLlamaGen.importTo(bundle, NAME);
        return Map.of("tessera.models.directories", bundle.toString());
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("tiny-model");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
