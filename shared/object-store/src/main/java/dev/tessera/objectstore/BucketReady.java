package dev.tessera.objectstore;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Makes the bucket where there is none, so that the services may start in any order; ready once it is there. */
@Readiness
@Singleton
public class BucketReady implements HealthCheck {
    private final ObjectStore bucket;
    private volatile boolean made;

    public BucketReady(ObjectStore bucket) {
        this.bucket = bucket;
    }

    void start(@Observes Startup event) {
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
