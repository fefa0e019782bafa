package dev.tessera.cli.stack;

import java.net.URI;

/** How to reach the stack's bucket. */
public record BucketAccess(URI endpoint, String bucket, String accessKey, String secretKey) {
    /** Keeps the secret out of logs. */
    @Override
    public String toString() {
        return "BucketAccess[" + endpoint + "/" + bucket + "]";
    }
}
