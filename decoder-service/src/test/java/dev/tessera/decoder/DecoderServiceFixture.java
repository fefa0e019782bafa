package dev.tessera.decoder;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testmodels.FollowedJobs;
import dev.tessera.v1.Job;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The service with one model, on a real broker and a real S3 server: the work that it is given, and what it stores and tells. */
abstract class DecoderServiceFixture {
    @Inject
    WorkPublisher work;

    @Inject
    JobEventLog log;

    @Inject
    ObjectStore store;

    @Inject
    ModelsConfig models;

    ModelBundle bundle;
    FollowedJobs jobs;

    @BeforeEach
    void start() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
        bundle = ModelBundle.open(models.directories().getFirst());
        jobs = FollowedJobs.on(log);
    }

    @AfterEach
    void stop() {
        jobs.close();
    }

    /** Of the model. */
    Job.Builder job() {
        return Jobs.job()
                .setId(UUID.randomUUID().toString())
                .setTenant("acme")
                .setModel(bundle.name())
                .setModelDigest(bundle.digest());
    }
}
