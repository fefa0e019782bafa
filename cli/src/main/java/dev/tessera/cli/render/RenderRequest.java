package dev.tessera.cli.render;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * One picture to make; what is null is the bundle's default.
 *
 * @param prompt for text models
 * @param classIndex for class models
 */
public record RenderRequest(
        @Nullable String prompt,
        @Nullable Integer classIndex,
        @Nullable String negativePrompt,
        long seed,
        @Nullable Float guidanceScale,
        @Nullable Float temperature,
        @Nullable Integer topK,
        @Nullable Float topP) {

    /** The job that the gateway would make of it, without an id. */
    Job job(ModelBundle bundle) {
        BundleManifest manifest = bundle.manifest();
        Job.Builder job = Job.newBuilder()
                .setModel(bundle.name())
                .setModelDigest(bundle.digest())
                .setImages(1)
                .setWidth(manifest.image().width())
                .setHeight(manifest.image().height())
                .setSeed(seed)
                .setNegativePrompt(negativePrompt == null ? "" : negativePrompt)
                .setSampling(sampling(manifest.defaults()));
        if (prompt != null) {
            job.setPrompt(prompt);
        } else if (classIndex != null) {
            job.setClassId(classIndex);
        }
        return job.build();
    }

    private Sampling sampling(BundleManifest.Defaults defaults) {
        return Sampling.newBuilder()
                .setGuidanceScale(guidanceScale == null ? defaults.guidanceScale() : guidanceScale)
                .setTemperature(temperature == null ? defaults.temperature() : temperature)
                .setTopK(topK == null ? defaults.topK() : topK)
                .setTopP(topP == null ? defaults.topP() : topP)
                .build();
    }
}
