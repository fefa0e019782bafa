package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A bundle in a bucket, and a folder that it is fetched into. */
abstract class BundleFetchFixture {
    static final String PREFIX = "bundles/cats/1";
    static final String MANIFEST = PREFIX + "/bundle.yaml";
    static final String DECODER = PREFIX + "/" + BundleFiles.IMAGE_DECODER;

    final Path original;
    final Path folder;
    final BucketFolder bucket = new BucketFolder();
    final List<Duration> pauses = new ArrayList<>();
    String digest = "";

    BundleFetchFixture(@TempDir Path temporary) {
        original = temporary.resolve("original");
        folder = temporary.resolve("models/cats");
    }

    @BeforeEach
    void fill() throws IOException {
        digest = TestBundles.write(original, "cats").digest();
        bucket.put(PREFIX, original);
    }

    BundleFetch fetch() {
        return fetch(Optional.of(digest));
    }

    BundleFetch fetch(Optional<String> wanted) {
        var patience = new Patience(Duration.ofMinutes(1), this::now, pauses::add);
        return new BundleFetch(folder, new BundleOrigin(PREFIX, wanted), bucket, patience);
    }

    private Instant now() {
        return Instant.EPOCH.plus(pauses.stream().reduce(Duration.ZERO, Duration::plus));
    }

    static void assertFails(ThrowingCallable call, Reason reason, String message) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .withMessageContaining(message);
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
