package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.testkit.InjectServer;
import dev.tessera.testkit.TopicReader;
import dev.tessera.v1.ControlSignal;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;

/** A client of the gateway under test, with what its jobs leave on the topics and in the bucket. */
abstract class JobsFixture {
    @InjectServer
    EmbeddedKafka kafka;

    @Inject
    FakeStages stages;

    @Inject
    ObjectStore bucket;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void waitUntilReady() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    Job submit(String body) {
        Response response = post(body);
        response.then().statusCode(202);
        return FakeStages.job("default", response.path("id"));
    }

    static Response post(String body) {
        return given().contentType("application/json").body(body).post("/v1/jobs");
    }

    static Response post(String body, String key) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/v1/jobs");
    }

    static void awaitStatus(Job job, String status) {
        eventually(() -> given().get("/v1/jobs/" + job.getId()).then().body("status", equalTo(status)));
    }

    URI events(Job job) {
        return URI.create("http://localhost:" + port + "/v1/jobs/" + job.getId() + "/events");
    }

    List<Job> submitted(String model) {
        return TopicReader.all(kafka.bootstrapServers(), topic -> Topics.isWork(topic, Stage.TOKENIZER, model)).stream()
                .map(record ->
                        read(() -> JobSubmitted.parseFrom(record.value())).getJob())
                .toList();
    }

    List<String> cancelSignals() {
        return TopicReader.all(kafka.bootstrapServers(), Topics.CONTROL).stream()
                .map(record -> read(() -> ControlSignal.parseFrom(record.value()))
                        .getCancelJob()
                        .getJobId())
                .toList();
    }

    static <T> T read(Callable<T> parser) {
        try {
            return parser.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
