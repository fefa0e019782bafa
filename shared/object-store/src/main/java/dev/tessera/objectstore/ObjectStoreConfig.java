package dev.tessera.objectstore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where the bucket is. */
@ConfigMapping(prefix = "tessera.object-store")
public interface ObjectStoreConfig {
    /** The S3 server, for example {@code http://minio:9000}. */
    URI endpoint();

    /** The one bucket that everything goes to; it is made where there is none. */
    @WithDefault("tessera")
    String bucket();

    /** The region of the bucket, as requests are signed for it. */
    @WithDefault("us-east-1")
    String region();

    /** Who asks. */
    String accessKey();

    /** Proves it. */
    String secretKey();

    /** How long a connection may take to come about. */
    @WithDefault("PT3S")
    Duration connectTimeout();

    /** How long a whole request may take, from the connection to the last byte; of a file of a bundle, each piece. */
    @WithDefault("PT20S")
    Duration callTimeout();
}
