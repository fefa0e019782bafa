package dev.tessera.gateway;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.DecodingStarted;
import dev.tessera.v1.EncodingCompleted;
import dev.tessera.v1.EncodingStarted;
import dev.tessera.v1.GenerationProgressed;
import dev.tessera.v1.GenerationStarted;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobAccepted;
import dev.tessera.v1.JobCancelled;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobExpired;
import dev.tessera.v1.JobFailed;
import dev.tessera.v1.UpscalingProgressed;
import dev.tessera.v1.UpscalingStarted;
import java.time.Instant;
import java.util.function.Consumer;

/** The events of one job, as the stages would publish them. */
record TestEvents(Job job) {
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    static TestEvents ofJob(String id, int images) {
        return new TestEvents(Job.newBuilder()
                .setId(id)
                .setTenant("default")
                .setModel("tiny-text")
                .setPrompt("a cat")
                .setImages(images)
                .setCreatedAt(JobEvents.timestamp(START))
                .build());
    }

    JobEvent accepted() {
        return event(0, event -> event.setAccepted(JobAccepted.newBuilder().setJob(job)));
    }

    JobEvent encoding() {
        return event(1, event -> event.setEncodingStarted(EncodingStarted.getDefaultInstance()));
    }

    JobEvent encoded() {
        return event(2, event -> event.setEncodingCompleted(EncodingCompleted.getDefaultInstance()));
    }

    JobEvent generating(int image, int attempt) {
        return event(
                2,
                event -> event.setGenerationStarted(
                        GenerationStarted.newBuilder().setImageIndex(image).setAttempt(attempt)));
    }

    JobEvent progressed(int image, int done, int total) {
        return event(
                3,
                event -> event.setGenerationProgressed(GenerationProgressed.newBuilder()
                        .setImageIndex(image)
                        .setTokensDone(done)
                        .setTokensTotal(total)));
    }

    JobEvent upscaling(int image, int attempt) {
        return event(
                3,
                event -> event.setUpscalingStarted(
                        UpscalingStarted.newBuilder().setImageIndex(image).setAttempt(attempt)));
    }

    JobEvent upscaled(int image, int done, int total) {
        return event(
                3,
                event -> event.setUpscalingProgressed(UpscalingProgressed.newBuilder()
                        .setImageIndex(image)
                        .setTokensDone(done)
                        .setTokensTotal(total)));
    }

    JobEvent decoding(int image) {
        return event(
                4,
                event -> event.setDecodingStarted(DecodingStarted.newBuilder().setImageIndex(image)));
    }

    JobEvent stored(int image) {
        return stored(image, 7, "abc" + image);
    }

    JobEvent stored(int image, long bytes, String sha256) {
        String object = job.getTenant() + "/" + job.getId() + "/" + image + ".png";
        return event(
                5,
                event -> event.setImageStored(ImageStored.newBuilder()
                        .setImageIndex(image)
                        .setObject(object)
                        .setBytes(bytes)
                        .setSha256(sha256)));
    }

    JobEvent failed(String reason) {
        return event(
                6,
                event -> event.setFailed(JobFailed.newBuilder()
                        .setReason(reason)
                        .setDetail("the model would not run")
                        .setStage("generator")
                        .setAttempt(3)));
    }

    JobEvent cancelled() {
        return event(7, event -> event.setCancelled(JobCancelled.getDefaultInstance()));
    }

    JobEvent expired() {
        return event(8, event -> event.setExpired(JobExpired.getDefaultInstance()));
    }

    private JobEvent event(int second, Consumer<JobEvent.Builder> kind) {
        JobEvent.Builder event = JobEvent.newBuilder()
                .setJobId(job.getId())
                .setTenant(job.getTenant())
                .setTime(JobEvents.timestamp(START.plusSeconds(second)));
        kind.accept(event);
        return event.build();
    }
}
