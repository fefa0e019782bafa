package dev.tessera.tokenizer;

import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;

/** Jobs of the tests. */
final class Jobs {
    static final String DIGEST = "d".repeat(64);

    private Jobs() {}

    static Job.Builder job() {
        return Job.newBuilder()
                .setId("job-1")
                .setTenant("tenant-1")
                .setModel("letters")
                .setModelDigest(DIGEST)
                .setImages(3)
                .setWidth(64)
                .setHeight(64)
                .setSeed(7)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(4)
                        .setTemperature(1)
                        .setTopP(1));
    }
}
