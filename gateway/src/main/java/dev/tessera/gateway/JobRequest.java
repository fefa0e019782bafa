package dev.tessera.gateway;

import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.ConditionMap;
import dev.tessera.v1.ConditionSource;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.time.Instant;

/**
 * What a client asked for, with every default filled in.
 *
 * @param negativePrompt empty for none
 * @param images how many
 * @param size of each, in pixels
 * @param unmasking without steps for all but masked models
 * @param task what is to be done
 * @param edit what it begins with
 */
public record JobRequest(
        Model model,
        Condition condition,
        String negativePrompt,
        int images,
        ImageSize size,
        long seed,
        Sampling sampling,
        Unmasking unmasking,
        Task task,
        EditRequest edit) {

    /** What the picture shows. */
    public sealed interface Condition {}

    public record Prompt(String text) implements Condition {}

    public record ImageClass(int id) implements Condition {}

    /** @param sha256 of the map's file, in hex */
    public record OfMap(ConditionSource map, String sha256) implements Condition {}

    /** Whatever the model makes. */
    public record Anything() implements Condition {}

    /** An edit may leave it to the picture. */
    public record Unsaid() implements Condition {}

    /**
     * The job, of which an edit and a map still lack the names of their sources.
     *
     * @param deadline when the job is given up
     */
    Job toJob(String id, Tenant tenant, Instant createdAt, Instant deadline) {
        Job.Builder job = Job.newBuilder()
                .setId(id)
                .setTenant(tenant.name())
                .setModel(model.name())
                .setModelDigest(model.digest())
                .setNegativePrompt(negativePrompt)
                .setImages(images)
                .setWidth(size.width())
                .setHeight(size.height())
                .setSeed(seed)
                .setSampling(sampling)
                .setUpscale(task == Task.UPSCALE)
                .setCreatedAt(JobEvents.timestamp(createdAt))
                .setDeadline(JobEvents.timestamp(deadline));
        if (unmasking.getSteps() > 0) {
            job.setUnmasking(unmasking);
        }
        switch (condition) {
            case Prompt prompt -> job.setPrompt(prompt.text());
            case ImageClass imageClass -> job.setClassId(imageClass.id());
            case OfMap map -> job.setConditionMap(ConditionMap.newBuilder().setSha256(map.sha256()));
            case Unsaid unsaid -> {}
            case Anything anything -> {}
        }
        return switch (edit) {
            case EditRequest.OfPicture picture -> job.setEdit(picture.edit()).build();
            case EditRequest.None none -> job.build();
        };
    }
}
