package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.testkit.InjectServer;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.ControlSignal;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class JobsIT {
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

    @Test
    void shouldAcceptAJobWithEveryDefaultFilledIn() {
        // When
        Response response = post("{\"prompt\":\"a slice of pizza\",\"n\":2}");

        // Then
        String id = response.path("id");
        response.then()
                .statusCode(202)
                .header("Location", endsWith("/v1/jobs/" + id))
                .body("object", equalTo("job"))
                .body("status", equalTo("queued"))
                .body("model", equalTo("tiny-text"))
                .body("model_digest", not(equalTo("")))
                .body("prompt", equalTo("a slice of pizza"))
                .body("n", equalTo(2))
                .body("size", equalTo("64x48"))
                .body("seed", notNullValue())
                .body("guidance_scale", equalTo(3.5f))
                .body("temperature", equalTo(0.9f))
                .body("top_k", equalTo(100))
                .body("top_p", equalTo(0.95f))
                .body("created_at", notNullValue())
                .body("expires_at", notNullValue())
                .body("started_at", nullValue())
                .body("completed_at", nullValue())
                .body("error", nullValue())
                .body("negative_prompt", nullValue())
                .body("class", nullValue())
                .body("progress.tokens_total", equalTo(24))
                .body("images.status", contains("queued", "queued"))
                .body("urls.self", equalTo("/v1/jobs/" + id))
                .body("urls.cancel", equalTo("/v1/jobs/" + id));
        given().get("/v1/jobs/" + id).then().statusCode(200).body("id", equalTo(id));
    }

    @Test
    void shouldHandAnAcceptedJobToTheTokenizer() {
        // When
        Response response = post("{\"model\":\"tiny-class\",\"class\":7,\"seed\":42}");

        // Then
        String id = response.path("id");
        eventually(() -> assertThat(submitted("tiny-class"))
                .filteredOn(job -> job.getId().equals(id))
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.getClassId()).isEqualTo(7);
                    assertThat(job.getSeed()).isEqualTo(42);
                    assertThat(job.getTenant()).isEqualTo("default");
                    assertThat(job.getModelDigest()).isEqualTo(response.path("model_digest"));
                    assertThat(job.hasDeadline()).isTrue();
                }));
    }

    @Test
    void shouldTellEveryStepOfAJobUntilItsEnd() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\",\"n\":2}");

        try (EventStreamReader reader = new EventStreamReader(events(job))) {
            until("the first event", () -> reader.events().size() == 1);

            // When
            stages.encode(job);
            stages.generate(job, 0, 5);
            until("the tokens", () -> reader.events().stream().anyMatch(event -> event.tokensDone() == 5));
            stages.make(job, 1);
            stages.make(job, 0);
            until("the end of the stream", reader::ended);

            // Then
            List<EventStreamReader.Event> events = reader.events();
            assertThat(events.getFirst().name()).isEqualTo("state");
            assertThat(events.getFirst().status()).isEqualTo("queued");
            assertThat(events.getLast().name()).isEqualTo("state");
            assertThat(events.getLast().status()).isEqualTo("succeeded");
            assertThat(events.getLast().data().path("images")).hasSize(2);
            assertThat(events)
                    .extracting(EventStreamReader.Event::tokensDone)
                    .isSorted()
                    .contains(5L, 24L);
            assertThat(events).extracting(EventStreamReader.Event::name).contains("progress");
        }
    }

    @Test
    void shouldTellTheEndOfAFinishedJobAtOnce() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");
        stages.make(job, 0);
        awaitStatus(job, "succeeded");

        try (EventStreamReader reader = new EventStreamReader(events(job))) {

            // When
            until("the end of the stream", reader::ended);

            // Then
            assertThat(reader.events()).singleElement().satisfies(event -> {
                assertThat(event.name()).isEqualTo("state");
                assertThat(event.status()).isEqualTo("succeeded");
            });
        }
    }

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
    void shouldHideAJobFromOtherTenants() {
        // Given
        String id = given().header("Tessera-Tenant", "acme")
                .contentType("application/json")
                .body("{\"prompt\":\"a cat\"}")
                .post("/v1/jobs")
                .path("id");
        String url = "/v1/jobs/" + id;
        given().header("Tessera-Tenant", "acme").get(url).then().statusCode(200);

        // When
        List<Integer> statuses = List.of(
                given().get(url).statusCode(),
                given().delete(url).statusCode(),
                given().get(url + "/events").statusCode(),
                given().get(url + "/images/0").statusCode());

        // Then
        assertThat(statuses).containsOnly(404);
        given().get("/v1/jobs?limit=100").then().body("data.id", not(hasItem(id)));
        given().header("Tessera-Tenant", "acme").get("/v1/jobs").then().body("data.id", hasItem(id));
    }

    @Test
    void shouldListTheNewestJobsFirst() {
        // Given
        String older = submit("{\"prompt\":\"a cat\"}").getId();
        String newer = submit("{\"prompt\":\"a dog\"}").getId();

        // When
        Response response = given().get("/v1/jobs?limit=100");

        // Then
        List<String> ids = response.path("data.id");
        response.then().statusCode(200).body("object", equalTo("list")).body("data.id", hasItems(older, newer));
        assertThat(ids.indexOf(newer)).isLessThan(ids.indexOf(older));
        given().get("/v1/jobs?limit=1").then().body("data", hasSize(1));
    }

    @Test
    void shouldMakeOneJobOfOneKey() {
        // Given
        String key = "order-" + System.nanoTime();

        // When
        Response first = post("{\"prompt\":\"a cat\"}", key);
        Response again = post("{ \"prompt\" : \"a cat\" }", key);
        Response other = post("{\"prompt\":\"a dog\"}", key);

        // Then
        first.then().statusCode(202);
        again.then()
                .statusCode(202)
                .body("id", equalTo(first.path("id")))
                .body("seed", equalTo(first.path("seed")))
                .body("created_at", equalTo(first.path("created_at")));
        other.then().statusCode(422).body("code", equalTo("idempotency_key_reused"));
        eventually(() -> assertThat(submitted("tiny-text"))
                .filteredOn(job -> job.getId().equals(first.path("id")))
                .hasSize(1));
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
    void shouldListTheModels() {
        // When
        Response response = given().get("/v1/models");

        // Then
        response.then()
                .statusCode(200)
                .body("data.name", contains("tiny-class", "tiny-text"))
                .body("data.default", contains(false, true))
                .body("data[0].conditioning.classes", equalTo(10))
                .body("data[1].conditioning.max_tokens", equalTo(32))
                .body("data[1].family", equalTo("next-token"))
                .body("data[1].size", equalTo("64x48"))
                .body("data[1].grid.rows", equalTo(3))
                .body("data[1].codebook.size", equalTo(1024))
                .body("data[1].defaults.guidance_scale", equalTo(3.5f))
                .body("data[1].licence", equalTo("Apache-2.0"));
        given().get("/v1/models/tiny-text")
                .then()
                .statusCode(200)
                .body("digest", equalTo(response.path("data[1].digest")));
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

    private Job submit(String body) {
        Response response = post(body);
        response.then().statusCode(202);
        return FakeStages.job("default", response.path("id"));
    }

    private static Response post(String body) {
        return given().contentType("application/json").body(body).post("/v1/jobs");
    }

    private static Response post(String body, String key) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/v1/jobs");
    }

    private static void awaitStatus(Job job, String status) {
        eventually(() -> given().get("/v1/jobs/" + job.getId()).then().body("status", equalTo(status)));
    }

    private URI events(Job job) {
        return URI.create("http://localhost:" + port + "/v1/jobs/" + job.getId() + "/events");
    }

    private List<Job> submitted(String model) {
        return TopicReader.all(kafka, Topics.work(Stage.TOKENIZER, model)).stream()
                .map(entry -> read(() -> JobSubmitted.parseFrom(entry.value())).getJob())
                .toList();
    }

    private List<String> cancelSignals() {
        return TopicReader.all(kafka, Topics.CONTROL).stream()
                .map(entry -> read(() -> ControlSignal.parseFrom(entry.value()))
                        .getCancelJob()
                        .getJobId())
                .toList();
    }

    private static <T> T read(Callable<T> parser) {
        try {
            return parser.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
