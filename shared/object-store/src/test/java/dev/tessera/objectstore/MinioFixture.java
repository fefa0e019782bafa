package dev.tessera.objectstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tessera.testkit.S3Server;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A bucket of its own on a real server for each test. */
abstract class MinioFixture {
    static S3Server server;

    private final String bucket = "bucket-" + UUID.randomUUID();
    MinioObjectStore store;

    @BeforeAll
    static void start() {
        server = S3Server.started();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        store = new MinioObjectStore(settings(ObjectStoreSettings.Timeouts.DEFAULT));
        store.createBucket();
    }

    @AfterEach
    void disconnect() {
        store.close();
    }

    boolean put(String name, String content) {
        return store.putIfAbsent(name, content.getBytes(UTF_8), "text/plain", Map.of());
    }

    ObjectStoreSettings settings(ObjectStoreSettings.Timeouts timeouts) {
        return new ObjectStoreSettings(
                server.endpoint(),
                bucket,
                "us-east-1",
                new ObjectStoreSettings.Credentials(server.accessKey(), server.secretKey()),
                timeouts);
    }
}
