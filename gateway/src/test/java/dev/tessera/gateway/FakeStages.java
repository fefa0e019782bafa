package dev.tessera.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobFailed;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** Plays the tokenizer, the generator and the decoder: says what they would say and stores what they would store. */
@ApplicationScoped
public class FakeStages {
    static final int TOKENS = 12;
    private static final JobEvents EVENTS = new JobEvents(Clock.systemUTC());

    private final JobEventPublisher publisher;
    private final ObjectStore bucket;

    FakeStages(JobEventPublisher publisher, ObjectStore bucket) {
        this.publisher = publisher;
        this.bucket = bucket;
    }

    /** A job as its messages name it. */
    static Job job(String tenant, String id) {
        return Job.newBuilder().setId(id).setTenant(tenant).build();
    }

    void accept(Job job) {
        publisher.publish(EVENTS.accepted(job));
    }

    void encode(Job job) {
        publisher.publish(EVENTS.encodingStarted(job));
    }

    void generate(Job job, int image, int tokens) {
        publisher.publish(EVENTS.generationStarted(job, image, 1));
        publisher.publish(EVENTS.generationProgressed(job, image, tokens, TOKENS));
    }

    /** All tokens at once, and what they took the engine. */
    void generate(Job job, int image, Duration engineTime) {
        publisher.publish(EVENTS.generationStarted(job, image, 1));
        publisher.publish(EVENTS.generationCompleted(job, image, TOKENS, engineTime));
    }

    void decode(Job job, int image) {
        publisher.publish(EVENTS.decodingStarted(job, image));
        publisher.publish(stored(job, image));
    }

    void make(Job job, int image) {
        encode(job);
        generate(job, image, TOKENS);
        decode(job, image);
    }

    /** With a picture of that file. */
    void make(Job job, int image, byte[] png) {
        encode(job);
        generate(job, image, TOKENS);
        publisher.publish(EVENTS.decodingStarted(job, image));
        publisher.publish(stored(job, image, png));
    }

    void fail(Job job) {
        publisher.publish(EVENTS.failed(
                job,
                JobFailed.newBuilder()
                        .setReason("attempts_exhausted")
                        .setDetail("the image could not be made")
                        .setStage("generator")
                        .setAttempt(5)
                        .build()));
    }

    /** Not a picture, but the gateway does not look inside. */
    static byte[] png(int image) {
        return ("png " + image).getBytes(UTF_8);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static JobEvent cancelled(Job job) {
        return EVENTS.cancelled(job.getId(), job.getTenant());
    }

    private JobEvent stored(Job job, int image) {
        return stored(job, image, png(image));
    }

    private JobEvent stored(Job job, int image, byte[] png) {
        String name = job.getTenant() + "/" + job.getId() + "/" + image;
        byte[] tokens = "{\"grid\":[3,4],\"codebook\":1024,\"tokens\":[0,1,2,3,4,5,6,7,8,9,10,11]}".getBytes(UTF_8);
        bucket.putIfAbsent(name + ".png", png, "image/png", Map.of());
        bucket.putIfAbsent(name + ".tokens.json", tokens, "application/json", Map.of());
        return EVENTS.imageStored(
                job,
                ImageStored.newBuilder()
                        .setImageIndex(image)
                        .setObject(name + ".png")
                        .setBytes(png.length)
                        .setSha256(sha256(png))
                        .build());
    }

    /** A job that was accepted and should have ended by now. */
    static Job overdue(String id) {
        Instant now = Instant.now();
        return job("default", id).toBuilder()
                .setModel("tiny-text")
                .setModelDigest("0")
                .setPrompt("too late")
                .setImages(1)
                .setCreatedAt(JobEvents.timestamp(now.minusSeconds(60)))
                .setDeadline(JobEvents.timestamp(now.minusSeconds(1)))
                .build();
    }
}
