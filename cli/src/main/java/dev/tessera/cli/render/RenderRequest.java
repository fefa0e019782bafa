package dev.tessera.cli.render;

import dev.tessera.inference.Resampling;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TokenGrid;
import dev.tessera.v1.Unmasking;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One picture to make; what is null is the bundle's default.
 *
 * @param prompt for text models
 * @param classIndex for class models
 * @param map for models conditioned on a map: its tokens
 * @param size in pixels
 * @param moreSmooth for next-scale models: whether code vectors are blended instead of drawn
 * @param steps like the schedule for masked models
 * @param edit what it begins with; null for a picture from nothing
 */
public record RenderRequest(
        @Nullable String prompt,
        @Nullable Integer classIndex,
        @Nullable MapTokens map,
        @Nullable ImageSize size,
        @Nullable String negativePrompt,
        long seed,
        @Nullable Float guidanceScale,
        @Nullable Float temperature,
        @Nullable Integer topK,
        @Nullable Float topP,
        boolean moreSmooth,
        @Nullable Integer steps,
        @Nullable String schedule,
        @Nullable RenderEdit edit) {

    /** The job that the gateway would make of it, without an id. */
    Job job(ModelBundle bundle) {
        BundleManifest manifest = bundle.manifest();
        Job.Builder job = Job.newBuilder()
                .setModel(bundle.name())
                .setModelDigest(bundle.digest())
                .setImages(1)
                .setWidth(size(manifest).width())
                .setHeight(size(manifest).height())
                .setSeed(seed)
                .setNegativePrompt(negativePrompt == null ? "" : negativePrompt)
                .setSampling(sampling(defaults(manifest)));
        if (edit != null) {
            edit.require(size(manifest));
            job.setEdit(edit.edit());
        }
        if (manifest.generator() instanceof MaskedTransformer network) {
            job.setUnmasking(unmasking(network.unmasking()));
        } else if (steps != null || schedule != null) {
            throw new RenderException(
                    bundle.name() + " has no steps of its own to choose: leave --steps and --schedule out");
        }
        if (moreSmooth && manifest.family() != Family.NEXT_SCALE) {
            throw new RenderException(bundle.name() + " draws its codes and blends none: leave --more-smooth out");
        }
        if (prompt != null) {
            job.setPrompt(prompt);
        } else if (classIndex != null) {
            job.setClassId(classIndex);
        }
        return job.build();
    }

    private boolean resampled() {
        return edit != null && edit.resampled().isPresent();
    }

    private Defaults defaults(BundleManifest manifest) {
        if (!resampled()) {
            return manifest.defaults();
        }
        if (temperature != null || schedule != null) {
            throw new RenderException("resampling has neither a temperature nor a schedule: leave them out");
        }
        return new Defaults(Resampling.GUIDANCE_SCALE, 1, Resampling.TOP_K, 1);
    }

    private Unmasking unmasking(UnmaskingDefaults defaults) {
        int preset = resampled() ? Resampling.STEPS : defaults.steps();
        return Unmasking.newBuilder()
                .setSteps(steps == null ? preset : steps)
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

    private ImageSize size(BundleManifest manifest) {
        ImageSize wanted = size == null ? manifest.image() : size;
        if (manifest.gridOf(wanted).isEmpty()) {
            throw new RenderException(wanted.width() + "x" + wanted.height() + " is not a size of " + manifest.name());
        }
        return wanted;
    }

    /** What the generator takes of a model that is conditioned on a map. */
    ImageConditioned conditionedOnMap(Job job, MapConditioning expected) {
        if (map == null || job.hasPrompt() || job.hasClassId()) {
            throw new RenderException(job.getModel() + " takes a condition map, neither a class nor a prompt");
        }
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setConditioning(Conditioning.newBuilder()
                        .setMap(TokenGrid.newBuilder()
                                .setRows(map.rows())
                                .setColumns(map.columns())
                                .setCodebookSize(expected.codes())
                                .addAllIds(map.ids())))
                .build();
    }

    /**
     * A map's tokens in row-major order.
     *
     * @param ids of the map's own codebook
     */
    public record MapTokens(int rows, int columns, List<Integer> ids) {
        public MapTokens {
            ids = List.copyOf(ids);
        }
    }

    private Sampling sampling(Defaults defaults) {
        return Sampling.newBuilder()
                .setGuidanceScale(guidanceScale == null ? defaults.guidanceScale() : guidanceScale)
                .setTemperature(temperature == null ? defaults.temperature() : temperature)
                .setTopK(topK == null ? defaults.topK() : topK)
                .setTopP(topP == null ? defaults.topP() : topP)
                .setMoreSmooth(moreSmooth)
                .build();
    }
}
