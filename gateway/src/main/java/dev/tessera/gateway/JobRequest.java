package dev.tessera.gateway;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import java.time.Instant;

/**
 * What a client asked for, with every default filled in.
 *
 * @param negativePrompt empty for none
 * @param images how many
 */
public record JobRequest(
        Model model, Condition condition, String negativePrompt, int images, long seed, Sampling sampling) {

    /** What the picture shows. */
    public sealed interface Condition {}

    public record Prompt(String text) implements Condition {}

    public record ImageClass(int id) implements Condition {}

    /** @param deadline when the job is given up */
    Job toJob(String id, Tenant tenant, Instant createdAt, Instant deadline) {
        Job.Builder job = Job.newBuilder()
                .setId(id)
                .setTenant(tenant.name())
                .setModel(model.name())
                .setModelDigest(model.digest())
                .setNegativePrompt(negativePrompt)
                .setImages(images)
                .setWidth(model.manifest().image().width())
                .setHeight(model.manifest().image().height())
                .setSeed(seed)
                .setSampling(sampling)
                .setCreatedAt(JobEvents.timestamp(createdAt))
                .setDeadline(JobEvents.timestamp(deadline));
        return switch (condition) {
            case Prompt prompt -> job.setPrompt(prompt.text()).build();
            case ImageClass imageClass -> job.setClassId(imageClass.id()).build();
        };
    }
}
