package dev.tessera.cli.render;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One picture to make; what is null is the bundle's default.
 *
 * @param prompt for text models
 * @param classIndex for class models
 * @param steps like the schedule for masked models
 */
public record RenderRequest(
        @Nullable String prompt,
        @Nullable Integer classIndex,
        @Nullable String negativePrompt,
        long seed,
        @Nullable Float guidanceScale,
        @Nullable Float temperature,
        @Nullable Integer topK,
        @Nullable Float topP,
        @Nullable Integer steps,
        @Nullable String schedule) {

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
        if (manifest.generator() instanceof MaskedTransformer network) {
            job.setUnmasking(unmasking(network.unmasking()));
        } else if (steps != null || schedule != null) {
            throw new RenderException(
                    bundle.name() + " has no steps of its own to choose: leave --steps and --schedule out");
        }
        if (prompt != null) {
            job.setPrompt(prompt);
        } else if (classIndex != null) {
            job.setClassId(classIndex);
        }
        return job.build();
    }

    private Unmasking unmasking(BundleManifest.Unmasking defaults) {
        return Unmasking.newBuilder()
                .setSteps(steps == null ? defaults.steps() : steps)
                .setSchedule(schedule(schedule == null ? defaults.schedule().name() : schedule))
                .build();
    }

    private static Unmasking.Schedule schedule(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cosine" -> Unmasking.Schedule.COSINE;
            case "linear" -> Unmasking.Schedule.LINEAR;
            default -> throw new RenderException("schedule must be cosine or linear, not " + name);
        };
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
