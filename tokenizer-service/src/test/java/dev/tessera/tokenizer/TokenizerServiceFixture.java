package dev.tessera.tokenizer;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testmodels.FollowedJobs;
import dev.tessera.v1.Job;
import jakarta.inject.Inject;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The service with one model, on a real broker and a real S3 server: the jobs that it is given, and what it makes and tells of them. */
abstract class TokenizerServiceFixture {
    @Inject
    WorkPublisher work;

    @Inject
    JobEventLog log;

    @Inject
    ModelsConfig models;

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    ModelBundle bundle;
    FollowedJobs jobs;
    GeneratorQueue generatorQueue;

    @BeforeEach
    void start() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
        bundle = ModelBundle.open(models.directories().getFirst());
        jobs = FollowedJobs.on(log);
        generatorQueue = new GeneratorQueue(bootstrapServers, bundle);
    }

    @AfterEach
    void stop() {
        jobs.close();
        generatorQueue.close();
    }

    /** Of the model. */
    Job.Builder job() {
        return Jobs.job()
                .setId(UUID.randomUUID().toString())
                .setModel(bundle.name())
                .setModelDigest(bundle.digest());
    }
}
