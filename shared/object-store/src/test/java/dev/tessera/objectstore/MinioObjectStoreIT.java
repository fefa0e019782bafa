package dev.tessera.objectstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MinioObjectStoreIT extends MinioFixture {
    @Test
    void shouldKeepWhatWasWrittenFirst() {
        // Given
        boolean first = put("acme/job/0.png", "first");

        // When
        boolean second = put("acme/job/0.png", "second");

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(store.get("acme/job/0.png").orElseThrow()).asString(UTF_8).isEqualTo("first");
    }

    @Test
    void shouldTellSizeTypeAndMetadata() {
        // Given
        store.putIfAbsent("picture", new byte[] {1, 2, 3}, "image/png", Map.of("sha256", "abc", "model", "emoji"));

        // When
        ObjectStat stat = store.stat("picture").orElseThrow();

        // Then
        assertThat(stat.size()).isEqualTo(3);
        assertThat(stat.contentType()).isEqualTo("image/png");
        assertThat(stat.metadata()).isEqualTo(Map.of("sha256", "abc", "model", "emoji"));
    }

    @Test
    void shouldKnowWhatIsNotThere() {
        // Given
        String name = "nowhere/to/be/found";

        // When
        store.delete(name);

        // Then
        assertThat(store.get(name)).isEmpty();
        assertThat(store.stat(name)).isEmpty();
    }

    @Test
    void shouldListInOrderUpToTheLimit() {
        // Given
        List.of("a/3", "a/1", "b/1", "a/2").forEach(name -> put(name, name));

        // When
        List<String> names = store.list("a/", 2);

        // Then
        assertThat(names).containsExactly("a/1", "a/2");
        assertThat(store.list("a/", 10)).containsExactly("a/1", "a/2", "a/3");
    }

    @Test
    void shouldForgetWhatWasDeleted() {
        // Given
        put("gone", "soon");

        // When
        store.delete("gone");

        // Then
        assertThat(store.get("gone")).isEmpty();
        assertThat(put("gone", "again")).isTrue();
    }

    @Test
    void shouldMakeTheBucketOnce() {
        // Given
        put("kept", "content");

        // When
        store.createBucket();

        // Then
        assertThat(store.get("kept")).isPresent();
    }

    @Test
    void shouldLetAnyoneReadBySignedUrlOnly() throws Exception {
        // Given
        put("shared.png", "pixels");
        URI signed = store.presignGet("shared.png", Duration.ofMinutes(5));

        // When
        HttpResponse<String> answer = fetch(signed);

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("pixels");
        assertThat(fetch(URI.create(signed.toString().split("\\?")[0])).statusCode())
                .isEqualTo(403);
    }

    @Test
    void shouldWriteOnceWhenManyWriteAtOnce() throws Exception {
        // Given
        List<Callable<Boolean>> writers = IntStream.range(0, 16)
                .<Callable<Boolean>>mapToObj(i -> () -> put("contended", "writer " + i))
                .toList();

        // When
        List<Future<Boolean>> results;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            results = threads.invokeAll(writers);
        }

        // Then
        String winner = new String(store.get("contended").orElseThrow(), UTF_8);
        int index = Integer.parseInt(winner.substring("writer ".length()));
        assertThat(results.get(index).get()).isTrue();
    }

    @Test
    void shouldCopyAnObjectOfAnySizeForAsLongAsItTakes() throws IOException {
        // Given
        byte[] large = new byte[8 << 20];
        new Random(1).nextBytes(large);
        store.putIfAbsent("large", large, "application/octet-stream", Map.of());
        var timeouts = new ObjectStoreSettings.Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3));
        var content = new ByteArrayOutputStream();

        // When
        boolean there;
        try (var impatient = new MinioObjectStore(settings(timeouts))) {
            there = impatient.copyTo("large", slowAtFirst(content, Duration.ofSeconds(4)));
        }

        // Then
        assertThat(there).isTrue();
        assertThat(content.toByteArray()).isEqualTo(large);
        assertThat(store.copyTo("nowhere", content)).isFalse();
    }

    /** Takes the first piece only after a while. */
    private static OutputStream slowAtFirst(OutputStream target, Duration pause) {
        return new FilterOutputStream(target) {
            private boolean rested;

            @Override
            public void write(byte[] piece, int offset, int length) throws IOException {
                if (!rested) {
                    rested = true;
                    LockSupport.parkNanos(pause.toNanos());
                }
                out.write(piece, offset, length);
            }
        };
    }

    private static HttpResponse<String> fetch(URI uri) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }
}
