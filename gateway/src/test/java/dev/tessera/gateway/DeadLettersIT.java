package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.pipeline.kafka.WorkQueue;
import dev.tessera.pipeline.kafka.WorkQueueSettings;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testkit.TopicReader;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** What could not be done is seen and done again, over HTTP, on a real broker with the real work queue. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class DeadLettersIT extends JobsFixture {
    private static final String PATH = "/v1/dead-letters/";

    @Inject
    WorkQueue.Services services;

    @Inject
    Config config;

    @Test
    void shouldReplayAJobOnceWhoeverAsksAndHoweverOften() {
        // Given
        Job failed = submit("{\"model\":\"tiny-class\",\"class\":3,\"n\":2,\"seed\":11}");
        String letter = buried(failed);
        given().get(PATH + letter)
                .then()
                .statusCode(200)
                .body("object", equalTo("dead_letter"))
                .body("id", equalTo(letter))
                .body("job", equalTo(failed.getId()))
                .body("tenant", equalTo("default"))
                .body("model", equalTo("tiny-class"))
                .body("stage", equalTo("tokenizer"))
                .body("reason", equalTo("model_broken"))
                .body("detail", equalTo("the weights are damaged"))
                .body("attempt", equalTo(1))
                .body("origin.topic", startsWith("tessera.tokenizer.tiny-class."))
                .body("replay", nullValue());

        // When
        Response replay = given().post(PATH + letter + "/replay");

        // Then
        String id = replay.path("id");
        replay.then()
                .statusCode(202)
                .header("Location", endsWith("/v1/jobs/" + id))
                .body("id", not(equalTo(failed.getId())))
                .body("replay_of", equalTo(failed.getId()))
                .body("status", equalTo("queued"))
                .body("class", equalTo(3))
                .body("n", equalTo(2))
                .body("seed", equalTo(11));
        given().post(PATH + letter + "/replay").then().statusCode(202).body("id", equalTo(id));
        try (OtherReplica other = OtherReplica.started(config)) {
            other.post(PATH + letter + "/replay").then().statusCode(202).body("id", equalTo(id));
        }
        given().get(PATH + letter).then().body("replay.job", equalTo(id)).body("replay.status", equalTo("queued"));
        eventually(() -> assertThat(submitted("tiny-class"))
                .filteredOn(job -> job.getId().equals(id))
                .singleElement()
                .satisfies(job -> assertThat(job.getSeed()).isEqualTo(11)));
        given().get("/v1/jobs/" + failed.getId()).then().body("status", equalTo("failed"));

        // And when
        Job repeat = FakeStages.job("default", id);
        stages.make(repeat, 0);
        stages.make(repeat, 1);

        // Then
        awaitStatus(repeat, "succeeded");
        given().get(PATH + letter).then().body("replay.status", equalTo("succeeded"));
        given().get("/v1/dead-letters?limit=100").then().body("data.id", hasItem(letter));
    }

    @Test
    void shouldListTheNewestFirstPageByPage() {
        // Given
        String older = buried(submit("{\"model\":\"tiny-class\",\"class\":1}"));
        String newer = buried(submit("{\"model\":\"tiny-class\",\"class\":2}"));

        // When
        List<String> all = given().get("/v1/dead-letters?limit=100").path("data.id");

        // Then
        assertThat(all.indexOf(newer)).isNotNegative().isLessThan(all.indexOf(older));
        List<String> page =
                given().get("/v1/dead-letters?limit=1&before=" + newer).path("data.id");
        assertThat(page).containsExactly(all.get(all.indexOf(newer) + 1));
    }

    @Test
    void shouldTellNoPrompt() {
        // Given
        Job job = submit("{\"prompt\":\"my secret wish\"}");

        // When
        String letter = buried(job, "tiny-text");

        // Then
        assertThat(given().get(PATH + letter).asString()).doesNotContain("secret wish");
    }

    @Test
    void shouldSayWhyALetterIsNotReplayed() throws Exception {
        // Given
        long unreadable =
                TopicReader.all(kafka.bootstrapServers(), letterTopic()).size();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.DEAD_LETTER, "who", new byte[] {1}))
                    .get();
        }

        // When
        Response response = given().post(PATH + unreadable + "/replay");

        // Then
        response.then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("dead_letter_not_replayable"))
                .body("detail", containsString("cannot be read"))
                .body("retryable", equalTo(false));
        given().get(PATH + unreadable).then().statusCode(200).body("job", nullValue());
    }

    @Test
    void shouldSayThatThereIsNoSuchLetter() {
        for (String id : List.of("999999999", "x", "-1", "12345678901234567890")) {
            given().get(PATH + id).then().statusCode(404).body("code", equalTo("dead_letter_not_found"));
            given().post(PATH + id + "/replay").then().statusCode(404).body("code", equalTo("dead_letter_not_found"));
        }
        given().get("/v1/dead-letters?limit=0").then().statusCode(400).body("code", equalTo("invalid_query"));
        given().get("/v1/dead-letters?before=x").then().statusCode(400).body("code", equalTo("invalid_query"));
        given().get(PATH + "1/replay").then().statusCode(405).header("Allow", equalTo("POST"));
    }

    private String buried(Job job) {
        return buried(job, "tiny-class");
    }

    /** The id of the letter that the job's work becomes in the hands of a worker with a broken model. */
    private String buried(Job job, String model) {
        var version =
                new ModelVersion(model, given().get("/v1/jobs/" + job.getId()).path("model_digest"));
        try (var queue = new WorkQueue(
                Stage.TOKENIZER, Set.of(version), services, WorkQueueSettings.DEFAULT.withSlots(1), item -> {
                    if (item.message() instanceof JobSubmitted work
                            && work.getJob().getId().equals(job.getId())) {
                        throw new Broken();
                    }
                    return CompletableFuture.completedFuture(null);
                })) {
            queue.start();
            eventually(
                    () -> assertThat(letters()).anyMatch(letter -> job.getId().equals(letter.get("job"))));
        }
        awaitStatus(job, "failed");
        return letters().stream()
                .filter(letter -> job.getId().equals(letter.get("job")))
                .map(letter -> String.valueOf(letter.get("id")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<String, Object>> letters() {
        return given().get("/v1/dead-letters?limit=100").jsonPath().getList("data");
    }

    private static String letterTopic() {
        given().get("/v1/dead-letters").then().statusCode(200);
        return Topics.DEAD_LETTER;
    }

    private static final class Broken extends RuntimeException implements PermanentFailure {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("the weights are damaged");
        }

        @Override
        public String reason() {
            return "model_broken";
        }
    }
}
