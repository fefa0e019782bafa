package dev.tessera.pipeline;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
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
import java.time.Clock;
import java.time.Instant;

/** Makes events, stamped with the time at which they are made. Safe for use by many threads. */
public final class JobEvents {
    private final Clock clock;
    private final String worker;

    /** For this process, named by its host, which in a cluster is its pod. */
    public JobEvents(Clock clock) {
        this(clock, System.getenv().getOrDefault("HOSTNAME", ""));
    }

    /** @param worker who begins what is begun; empty where that has no name */
    public JobEvents(Clock clock, String worker) {
        this.clock = clock;
        this.worker = worker;
    }

    public JobEvent accepted(Job job) {
        return of(job).setAccepted(JobAccepted.newBuilder().setJob(job)).build();
    }

    public JobEvent encodingStarted(Job job) {
        return of(job).setEncodingStarted(EncodingStarted.newBuilder().setWorker(worker))
                .build();
    }

    /** The work for every image is published; the time is what the job cost the tokenizer. */
    public JobEvent encodingCompleted(Job job, java.time.Duration engineTime) {
        return of(job).setEncodingCompleted(EncodingCompleted.newBuilder().setEngineTime(duration(engineTime)))
                .build();
    }

    public JobEvent generationStarted(Job job, int imageIndex, int attempt) {
        return of(job).setGenerationStarted(GenerationStarted.newBuilder()
                        .setImageIndex(imageIndex)
                        .setAttempt(attempt)
                        .setWorker(worker))
                .build();
    }

    public JobEvent generationProgressed(Job job, int imageIndex, int tokensDone, int tokensTotal) {
        return of(job).setGenerationProgressed(GenerationProgressed.newBuilder()
                        .setImageIndex(imageIndex)
                        .setTokensDone(tokensDone)
                        .setTokensTotal(tokensTotal))
                .build();
    }

    /** All tokens of an image are there; its time in the engine is what the image costs. */
    public JobEvent generationCompleted(Job job, int imageIndex, int tokens, java.time.Duration engineTime) {
        return of(job).setGenerationProgressed(GenerationProgressed.newBuilder()
                        .setImageIndex(imageIndex)
                        .setTokensDone(tokens)
                        .setTokensTotal(tokens)
                        .setEngineTime(duration(engineTime)))
                .build();
    }

    public JobEvent upscalingStarted(Job job, int imageIndex, int attempt) {
        return of(job).setUpscalingStarted(UpscalingStarted.newBuilder()
                        .setImageIndex(imageIndex)
                        .setAttempt(attempt)
                        .setWorker(worker))
                .build();
    }

    public JobEvent upscalingProgressed(Job job, int imageIndex, int tokensDone, int tokensTotal) {
        return of(job).setUpscalingProgressed(UpscalingProgressed.newBuilder()
                        .setImageIndex(imageIndex)
                        .setTokensDone(tokensDone)
                        .setTokensTotal(tokensTotal))
                .build();
    }

    /** All high-resolution tokens of an image are there; its time in the engine is what this stage costs. */
    public JobEvent upscalingCompleted(Job job, int imageIndex, int tokens, java.time.Duration engineTime) {
        return of(job).setUpscalingProgressed(UpscalingProgressed.newBuilder()
                        .setImageIndex(imageIndex)
                        .setTokensDone(tokens)
                        .setTokensTotal(tokens)
                        .setEngineTime(duration(engineTime)))
                .build();
    }

    /** A time as messages carry it. */
    public static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /** A span of time as messages carry it. */
    public static Duration duration(java.time.Duration time) {
        return Duration.newBuilder()
                .setSeconds(time.getSeconds())
                .setNanos(time.getNano())
                .build();
    }

    public JobEvent decodingStarted(Job job, int imageIndex) {
        return of(job).setDecodingStarted(
                        DecodingStarted.newBuilder().setImageIndex(imageIndex).setWorker(worker))
                .build();
    }

    /** @param stored the image as it lies in the bucket */
    public JobEvent imageStored(Job job, ImageStored stored) {
        return of(job).setImageStored(stored).build();
    }

    public JobEvent failed(Job job, JobFailed failure) {
        return failed(job.getId(), job.getTenant(), failure);
    }

    /** For a job whose message cannot be read. */
    public JobEvent failed(String jobId, String tenant, JobFailed failure) {
        return of(jobId, tenant).setFailed(failure).build();
    }

    public JobEvent cancelled(String jobId, String tenant) {
        return of(jobId, tenant).setCancelled(JobCancelled.getDefaultInstance()).build();
    }

    public JobEvent expired(String jobId, String tenant) {
        return of(jobId, tenant).setExpired(JobExpired.getDefaultInstance()).build();
    }

    private JobEvent.Builder of(Job job) {
        return of(job.getId(), job.getTenant());
    }

    private JobEvent.Builder of(String jobId, String tenant) {
        return JobEvent.newBuilder().setJobId(jobId).setTenant(tenant).setTime(timestamp(clock.instant()));
    }
}
