package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.tessera.pipeline.Topics;
import dev.tessera.testkit.InjectServer;
import dev.tessera.testkit.S3Server;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testkit.TopicReader;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.HttpClientConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** What one replica took, the others know; and none forgets. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class ReplicasIT extends JobsFixture {
    /** Less than a producer waits elsewhere, and several times what the gateway grants it. */
    private static final RestAssuredConfig IMPATIENT = RestAssuredConfig.config()
            .httpClient(HttpClientConfig.httpClientConfig().setParam("http.socket.timeout", 20_000));

    @InjectServer
    S3Server s3;

    @Inject
    Config config;

    @Test
    void shouldAnswerTheSameOnEveryReplicaAndAfterARestart() {
        // Given
        Job queued = submit("{\"prompt\":\"a cat\"}");
        Job halfway = submit("{\"prompt\":\"a dog\",\"n\":2,\"negative_prompt\":\"a cat\"}");
        Job cancelled = submit("{\"model\":\"tiny-class\",\"class\":3}");
        Job finished = submit("{\"prompt\":\"a bird\",\"guidance_scale\":7.3,\"top_p\":0.1}");
        stages.make(halfway, 1);
        stages.make(finished, 0);
        given().delete(path(cancelled)).then().statusCode(202);
        List<Job> jobs = List.of(queued, halfway, cancelled, finished);
        until("the records", () -> hasRecord(finished) && hasRecord(cancelled));

        try (OtherReplica other = OtherReplica.started(config)) {
            // When
            eventually(() -> jobs.forEach(job -> assertSame(other, job)));
            Job fresh = submit("{\"prompt\":\"a fish\"}");
            other.get(path(fresh)).then().statusCode(200);
            other.kill();
        }

        var starting = CompletableFuture.supplyAsync(() -> OtherReplica.started(config));
        try (OtherReplica forgetful = OtherReplica.started(config, "tessera.gateway.jobs.finished-limit=0");
                OtherReplica restarted = starting.join()) {
            // Then
            jobs.forEach(job -> assertSame(restarted, job));
            assertSame(forgetful, finished);
            assertSame(forgetful, cancelled);
            assertThat(forgetful.get(path(finished) + "/images/0").asByteArray())
                    .isEqualTo(FakeStages.png(0));
        }
    }

    @Test
    void shouldRefuseJobsSoonWhileTheBrokerIsAwayAndNeverTakeThoseLater() {
        // Given
        Job known = submit("{\"prompt\":\"a cat\"}");
        kafka.stop();

        // When
        Response refused = given().config(IMPATIENT)
                .contentType("application/json")
                .body("{\"prompt\":\"a refused dog\"}")
                .post("/v1/jobs");
        Response answered = given().get(path(known));
        kafka.start();

        // Then
        refused.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", notNullValue())
                .body("code", equalTo("broker_unavailable"))
                .body("detail", containsString("Idempotency-Key"))
                .body("retryable", equalTo(true));
        answered.then().statusCode(200);
        eventually(() -> post("{\"prompt\":\"a later dog\"}").then().statusCode(202));
        stages.make(known, 0);
        until("the record", () -> hasRecord(known));
        assertThat(acceptedPrompts()).contains("a later dog").doesNotContain("a refused dog");
    }

    @Test
    void shouldRecordJobsThatEndWhileTheBucketIsAway() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");
        s3.stop();

        // When
        stages.fail(job);
        eventually(() -> given().get(path(job)).then().body("status", equalTo("failed")));
        Response unknown = given().get("/v1/jobs/019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1");
        s3.start();

        // Then
        unknown.then().statusCode(503).body("code", equalTo("bucket_unavailable"));
        until("the record", () -> hasRecord(job));
    }

    @Test
    void shouldSendItsTracesWhenToldToAtItsStart() {
        // Given
        try (TraceCollector collector = TraceCollector.started()) {
            // When
            try (OtherReplica other = OtherReplica.started(
                    config,
                    "quarkus.otel.traces.sampler.arg=1",
                    "quarkus.otel.exporter.otlp.protocol=http/protobuf",
                    "quarkus.otel.exporter.otlp.endpoint=" + collector.url())) {
                other.get("/v1/models").then().statusCode(200);

                // Then
                until("its spans", () -> collector.heardOf("GET /v1/models"));
            }
        }
    }

    private List<String> acceptedPrompts() {
        return TopicReader.all(kafka.bootstrapServers(), Topics.JOB_EVENTS).stream()
                .map(record -> read(() -> JobEvent.parseFrom(record.value())))
                .map(event -> event.getAccepted().getJob().getPrompt())
                .toList();
    }

    private boolean hasRecord(Job job) {
        return bucket.stat("default/" + job.getId() + "/job.json").isPresent();
    }

    private static void assertSame(OtherReplica replica, Job job) {
        Map<String, Object> here = given().get(path(job)).jsonPath().getMap("");
        Response there = replica.get(path(job));
        there.then().statusCode(200);
        assertThat(there.jsonPath().<String, Object>getMap("")).isEqualTo(here);
    }

    private static String path(Job job) {
        return "/v1/jobs/" + job.getId();
    }
}
