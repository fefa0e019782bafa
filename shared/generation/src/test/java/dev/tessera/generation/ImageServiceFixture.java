package dev.tessera.generation;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testmodels.FollowedJobs;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A service that makes tokens with one model, on a real broker: the work that it is given, and what it makes and tells of it. */
public abstract class ImageServiceFixture {
    @Inject
    protected WorkPublisher work;

    @Inject
    protected JobEventLog log;

    @Inject
    protected ModelsConfig models;

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    protected String bootstrapServers;

    protected ModelBundle bundle;
    protected FollowedJobs jobs;
    protected DecoderQueue decoderQueue;

    @BeforeEach
    void follow() {
        bundle = ModelBundle.open(models.directories().getFirst());
        jobs = FollowedJobs.on(log);
        decoderQueue = new DecoderQueue(bootstrapServers, bundle);
    }

    @AfterEach
    void stopFollowing() {
        jobs.close();
        decoderQueue.close();
    }
}
