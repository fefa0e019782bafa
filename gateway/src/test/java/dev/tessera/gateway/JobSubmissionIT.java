package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.tessera.testkit.TesseraTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/** What becomes of a request that is in order. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class JobSubmissionIT extends JobsFixture {
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
}
