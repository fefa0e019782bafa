package dev.tessera.decoder;

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
                .setModel("squares")
                .setModelDigest(DIGEST)
                .setPrompt("a \"red\" heart \u2764")
                .setImages(3)
                .setWidth(6)
                .setHeight(4)
                .setSeed(-1)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(7.5f)
                        .setTemperature(1)
                        .setTopK(1000)
                        .setTopP(0.9f));
    }
}
