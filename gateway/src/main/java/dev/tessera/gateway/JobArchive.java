package dev.tessera.gateway;

import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.JobObjects;
import java.util.Map;
import java.util.Optional;

/** What the bucket has of jobs: the records of finished ones, and images. */
public final class JobArchive {
    private final ObjectStore bucket;

    public JobArchive(ObjectStore bucket) {
        this.bucket = bucket;
    }

    /** Writes the record of a finished job; the first one stays. */
    boolean keep(JobView finished) {
        var job = finished.job();
        byte[] content = JobDocument.of(finished).bytes();
        return bucket.putIfAbsent(
                JobObjects.record(job.getTenant(), job.getId()), content, "application/json", Map.of());
    }

    Optional<JobDocument> find(Tenant tenant, String id) {
        return bucket.get(JobObjects.record(tenant.name(), id)).map(JobDocument::read);
    }

    Optional<byte[]> png(Tenant tenant, String id, int index) {
        return bucket.get(JobObjects.png(tenant.name(), id, index));
    }

    /** What is kept of an image. */
    @SuppressWarnings("ArrayRecordComponent")
    record Files(byte[] png, byte[] tokens) {}

    Optional<Files> files(Tenant tenant, String id, int index) {
        return png(tenant, id, index).flatMap(png -> tokens(tenant, id, index).map(tokens -> new Files(png, tokens)));
    }

    Optional<byte[]> tokens(Tenant tenant, String id, int index) {
        return bucket.get(JobObjects.tokens(tenant.name(), id, index));
    }
}
