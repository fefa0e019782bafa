package dev.tessera.decoder;

import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Makes the bucket where there is none, so that the services may start in any order; ready once it is there. */
@Readiness
@Singleton
final class BucketReady implements HealthCheck {
    private final ObjectStore bucket;
    private volatile boolean made;

    BucketReady(ObjectStore bucket) {
        this.bucket = bucket;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("make-bucket").start(this::make);
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("bucket").status(made || make()).build();
    }

    private boolean make() {
        try {
            bucket.createBucket();
            made = true;
            return true;
        } catch (ObjectStoreException e) {
            return false;
        }
    }
}
