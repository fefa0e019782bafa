package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.Job;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is left of a job, however it ends. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class JobEndIT extends JobsFixture {
    @Test
    void shouldServeAnImageOnceItIsThere() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\",\"n\":2}");
        String url = "/v1/jobs/" + job.getId() + "/images/";
        given().get(url + 0)
                .then()
                .statusCode(404)
                .header("Retry-After", notNullValue())
                .body("code", equalTo("image_not_ready"))
                .body("retryable", equalTo(true));

        // When
        stages.make(job, 0);
        eventually(() -> given().get(url + 0).then().statusCode(200));

        // Then
        String tag = "\"" + FakeStages.sha256(FakeStages.png(0)) + "\"";
        Response image = given().get(url + 0);
        image.then().contentType("image/png").header("ETag", equalTo(tag)).header("Cache-Control", notNullValue());
        assertThat(image.asByteArray()).isEqualTo(FakeStages.png(0));
        given().header("If-None-Match", tag).get(url + 0).then().statusCode(304);
        given().get(url + "0/tokens").then().statusCode(200).body("tokens", hasSize(12));
        given().get(url + 1).then().statusCode(404).body("code", equalTo("image_not_ready"));
        given().get(url + 2).then().statusCode(404).body("code", equalTo("image_not_found"));
        given().get(url + "x").then().statusCode(404).body("code", equalTo("image_not_found"));
        given().get("/v1/jobs/" + job.getId())
                .then()
                .body("images[0].url", equalTo(url + 0))
                .body("images[0].sha256", equalTo(FakeStages.sha256(FakeStages.png(0))))
                .body("images[1].status", equalTo("queued"));
    }

    @Test
    void shouldKeepTheRecordOfAFinishedJobInTheBucket() throws Exception {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");

        // When
        stages.make(job, 0);

        // Then
        awaitStatus(job, "succeeded");
        String name = "default/" + job.getId() + "/job.json";
        until("the record", () -> bucket.stat(name).isPresent());
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(bucket.get(name).orElseThrow()))
                .isEqualTo(json.readTree(given().get("/v1/jobs/" + job.getId()).asString()));
    }

    @Test
    void shouldSayWhyAJobFailed() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\",\"n\":2}");
        stages.make(job, 0);

        // When
        stages.fail(job);

        // Then
        awaitStatus(job, "failed");
        given().get("/v1/jobs/" + job.getId())
                .then()
                .body("error.code", equalTo("attempts_exhausted"))
                .body("error.stage", equalTo("generator"))
                .body("images.status", contains("stored", "not_made"))
                .body("urls.cancel", nullValue());
        given().get("/v1/jobs/" + job.getId() + "/images/1")
                .then()
                .statusCode(404)
                .body("code", equalTo("image_not_made"));
        eventually(() -> assertThat(cancelSignals()).contains(job.getId()));
    }

    @Test
    void shouldCancelAJobOnce() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");
        String url = "/v1/jobs/" + job.getId();

        // When
        Response first = given().delete(url);
        Response second = given().delete(url);

        // Then
        first.then().statusCode(202).body("status", equalTo("cancelled")).body("completed_at", notNullValue());
        second.then().statusCode(200).body("status", equalTo("cancelled"));
        eventually(() -> assertThat(cancelSignals()).contains(job.getId()));
        stages.make(job, 0);
        given().get(url).then().body("status", equalTo("cancelled"));
    }

    @Test
    void shouldNotCancelWhatHasEnded() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");
        stages.make(job, 0);
        awaitStatus(job, "succeeded");

        // When
        Response response = given().delete("/v1/jobs/" + job.getId());

        // Then
        response.then().statusCode(409).body("code", equalTo("job_finished"));
    }

    @Test
    void shouldGiveUpAJobThatIsPastItsDeadline() {
        // Given
        Job job = FakeStages.overdue(JobIds.at(Instant.now(), new Random()));

        // When
        stages.accept(job);

        // Then
        awaitStatus(job, "expired");
        until("the record", () -> bucket.stat("default/" + job.getId() + "/job.json")
                .isPresent());
    }

    @Test
    void shouldMeasureJobs() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");
        stages.make(job, 0);

        // When
        until("the record", () -> bucket.stat("default/" + job.getId() + "/job.json")
                .isPresent());

        // Then
        eventually(() -> assertThat(given().get("/q/metrics").asString())
                .contains("tessera_gateway_jobs_accepted_total{model=\"tiny-text\"}")
                .contains("tessera_gateway_jobs_ended_total{model=\"tiny-text\",state=\"succeeded\"}")
                .contains("tessera_gateway_jobs{state=\"succeeded\"}")
                .contains("tessera_gateway_job_last_event_seconds_count{model=\"tiny-text\"}"));
    }
}
