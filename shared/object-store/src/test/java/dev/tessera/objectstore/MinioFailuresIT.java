package dev.tessera.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.objectstore.ObjectStoreException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Why the bucket could not be asked. */
class MinioFailuresIT extends MinioFixture {
    @Test
    void shouldTellATargetThatFailsFromAServerThatDoes() {
        // Given
        put("content", "content");
        var full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        // When / Then
        assertThatThrownBy(() -> store.copyTo("content", full))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    @Test
    void shouldReportAServerThatIsAway() {
        // Given
        put("before", "content");
        server.stop();

        // When / Then
        try {
            assertReason(() -> store.get("before"), Reason.UNAVAILABLE);
            assertReason(() -> put("during", "content"), Reason.UNAVAILABLE);
            assertReason(() -> store.list("", 1), Reason.UNAVAILABLE);
            assertReason(() -> store.copyTo("before", OutputStream.nullOutputStream()), Reason.UNAVAILABLE);
        } finally {
            server.start();
        }
        assertThat(store.get("before")).isPresent();
    }

    @Test
    void shouldReportWrongCredentials() {
        // Given
        var settings = ObjectStoreSettings.of(server.endpoint(), "bucket", server.accessKey(), "wrong");

        // When / Then
        try (var stranger = new MinioObjectStore(settings)) {
            assertReason(() -> stranger.get("anything"), Reason.DENIED);
        }
    }

    @Test
    void shouldReportAMissingBucket() {
        // Given
        var settings =
                ObjectStoreSettings.of(server.endpoint(), "no-such-bucket", server.accessKey(), server.secretKey());

        // When / Then
        try (var nowhere = new MinioObjectStore(settings)) {
            assertReason(() -> nowhere.get("anything"), Reason.REJECTED);
        }
    }

    private static void assertReason(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .asInstanceOf(type(ObjectStoreException.class))
                .extracting(ObjectStoreException::reason)
                .isEqualTo(reason);
    }
}
