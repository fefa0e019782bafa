package dev.tessera.objectstore;

import java.net.URI;
import java.time.Duration;

/** Where the bucket is, who asks, and how long an answer may take. */
public record ObjectStoreSettings(
        URI endpoint, String bucket, String region, Credentials credentials, Timeouts timeouts) {
    public ObjectStoreSettings {
        if (bucket.isBlank()) {
            throw new IllegalArgumentException("The bucket has no name");
        }
    }

    /** With the default region and timeouts. */
    public static ObjectStoreSettings of(URI endpoint, String bucket, String accessKey, String secretKey) {
        return new ObjectStoreSettings(
                endpoint, bucket, "us-east-1", new Credentials(accessKey, secretKey), Timeouts.DEFAULT);
    }

    static ObjectStoreSettings of(ObjectStoreConfig config) {
        return new ObjectStoreSettings(
                config.endpoint(),
                config.bucket(),
                config.region(),
                new Credentials(config.accessKey(), config.secretKey()),
                new Timeouts(config.connectTimeout(), config.callTimeout()));
    }

    /** Never printed. */
    public record Credentials(String accessKey, String secretKey) {
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    /** @param call the whole request, from the connection to the last byte; each piece of what is read piece by piece */
    public record Timeouts(Duration connect, Duration call) {
        static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(20));

        public Timeouts {
            if (!connect.isPositive() || !call.isPositive()) {
                throw new IllegalArgumentException("Timeouts of the bucket must be positive");
            }
        }
    }
}
