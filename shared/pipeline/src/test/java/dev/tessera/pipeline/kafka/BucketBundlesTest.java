package dev.tessera.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.BundleException;
import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.BucketBundles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketBundlesTest {
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final BucketBundles bundles = new BucketBundles(bucket);

    @Test
    void shouldCopyWhatIsThereAndTellWhatIsNot() throws IOException {
        // Given
        bucket.putIfAbsent("bundles/cats/bundle.yaml", new byte[] {1, 2, 3}, "text/plain", Map.of());
        var target = new ByteArrayOutputStream();

        // When
        boolean there = bundles.copyTo("bundles/cats/bundle.yaml", target);

        // Then
        assertThat(there).isTrue();
        assertThat(target.toByteArray()).containsExactly(1, 2, 3);
        assertThat(bundles.copyTo("bundles/dogs/bundle.yaml", target)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, SOURCE_AWAY, bundles/cats/bundle.yaml was not read",
        "DENIED, SOURCE_REFUSED, or there is no such object",
        "REJECTED, SOURCE_REFUSED, is there such a bucket?"
    })
    void shouldSayWhetherItMayGoBetterAnotherTime(
            ObjectStoreException.Reason reason, BundleException.Reason told, String message) {
        // Given
        bucket.refuse(reason);

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> bundles.copyTo("bundles/cats/bundle.yaml", OutputStream.nullOutputStream()))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(told));
    }
}
