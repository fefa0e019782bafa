package dev.tessera.pipeline;

import dev.tessera.inference.bundle.BundleException;
import dev.tessera.inference.bundle.BundleException.Reason;
import dev.tessera.inference.bundle.BundleSource;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The model bundles that lie in the bucket. */
public final class BucketBundles implements BundleSource {
    private final ObjectStore bucket;

    public BucketBundles(ObjectStore bucket) {
        this.bucket = bucket;
    }

    @Override
    public boolean copyTo(String name, OutputStream target) throws IOException {
        try {
            return bucket.copyTo(name, target);
        } catch (ObjectStoreException e) {
            throw explained(e);
        }
    }

    private static BundleException explained(ObjectStoreException error) {
        String message =
                Optional.ofNullable(error.getMessage()).orElse(error.reason().name());
        return switch (error.reason()) {
            case UNAVAILABLE -> new BundleException(Reason.SOURCE_AWAY, message, error);
            // A server that lets nobody list names says so of an object that is not there, too.
            case DENIED ->
                new BundleException(
                        Reason.SOURCE_REFUSED,
                        message + "; the credentials may not read it, or there is no such object",
                        error);
            case REJECTED -> new BundleException(Reason.SOURCE_REFUSED, message + "; is there such a bucket?", error);
        };
    }
}
