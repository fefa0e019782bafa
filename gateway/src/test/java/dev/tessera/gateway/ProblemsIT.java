package dev.tessera.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;

import dev.tessera.testkit.TesseraTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class ProblemsIT extends ProblemsFixture {
    @ParameterizedTest
    @CsvSource({
        "GET, /v1/nothing, 404, not_found",
        "GET, /v1, 404, not_found",
        "GET, /, 404, not_found",
        "POST, /v1/images/generations, 404, not_found",
        "GET, /q/nothing, 404, not_found",
        "GET, /v1/jobs/1, 404, job_not_found",
        "GET, /v1/jobs/..%2F..%2Fetc, 404, job_not_found",
        "GET, /v1/jobs/%00, 404, job_not_found",
        "GET, /v1/jobs/1/events, 404, job_not_found",
        "GET, /v1/jobs/1/images/0, 404, job_not_found",
        "GET, /v1/models/none, 404, model_not_found",
        "DELETE, /v1/jobs/1, 404, job_not_found",
        "GET, " + NO_JOB + ", 404, job_not_found",
        "DELETE, " + NO_JOB + ", 404, job_not_found",
        "GET, " + NO_JOB + "/events, 404, job_not_found",
        "GET, " + NO_JOB + "/images/0, 404, job_not_found",
        "PUT, /v1/jobs, 405, method_not_allowed",
        "PATCH, " + NO_JOB + ", 405, method_not_allowed",
        "POST, /v1/models, 405, method_not_allowed",
        "GET, /v1/jobs?limit=0, 400, invalid_query",
        "GET, /v1/jobs?limit=101, 400, invalid_query",
        "GET, /v1/jobs?limit=x, 400, invalid_query",
        "GET, /v1/jobs?limit=, 400, invalid_query",
        "GET, /v1/jobs?limit=1&limit=2, 400, invalid_query",
        "GET, /v1/jobs?page=2, 400, invalid_query",
        "GET, " + NO_JOB + "?verbose, 400, invalid_query",
        "GET, /v1/models?x=1, 400, invalid_query"
    })
    void shouldAnswerWithAProblemWhateverIsAsked(String method, String path, int status, String code) {
        // When
        Response response = given().urlEncodingEnabled(false).request(method, path);

        // Then
        problem(response, status, code);
    }

    @Test
    void shouldSayWhichMethodsAPathTakes() {
        // When
        Response response = given().put("/v1/jobs");

        // Then
        problem(response, 405, "method_not_allowed").header("Allow", equalTo("GET, HEAD, POST"));
    }

    @ParameterizedTest
    @CsvSource({"/v1/jobs, text/html", "/v1/models, image/png", NO_JOB + "/images/0, application/json"})
    void shouldNotAnswerInAnotherForm(String path, String accept) {
        // When
        Response response = given().accept(accept).get(path);

        // Then
        problem(response, 406, "not_acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme", "a_b", "-a", "a/b", "..", "a b", " ", "claims"})
    void shouldRefuseATenantThatIsNoName(String tenant) {
        // When
        Response response = given().header("Tessera-Tenant", tenant).get("/v1/jobs");

        // Then
        problem(response, 400, "invalid_tenant");
    }

    @Test
    void shouldRefuseAKeyThatIsTooLong() {
        // When
        Response response = json("{\"prompt\":\"a\"}")
                .header("Idempotency-Key", "k".repeat(256))
                .post("/v1/jobs");

        // Then
        problem(response, 400, "invalid_idempotency_key");
    }

    @Test
    void shouldLetNoOtherOriginIn() {
        // When
        Response response = given().header("Origin", "https://example.org").get("/v1/models");

        // Then
        response.then().statusCode(200);
        assertThat(response.headers().hasHeaderWithName("Access-Control-Allow-Origin"))
                .isFalse();
    }

    @Test
    void shouldCountWhatItRefuses() {
        // Given
        json("{\"prompt\":\"\"}").post("/v1/jobs");

        // When
        String metrics = given().get("/q/metrics").asString();

        // Then
        assertThat(metrics).contains("tessera_gateway_requests_rejected_total{code=\"invalid_request\"}");
    }

    @Test
    void shouldDescribeEveryProblemCode() {
        // When
        Response response = given().accept("application/json").get("/openapi?format=json");

        // Then
        List<String> codes = Arrays.stream(GatewayException.Reason.values())
                .map(GatewayException.Reason::key)
                .toList();
        response.then()
                .statusCode(200)
                .body("info.title", equalTo("Tessera"))
                .body("components.schemas.ProblemCode.enum", equalTo(codes))
                .body("paths.keySet()", hasItem("/v1/jobs/{id}/events"))
                .body("paths.'/v1/jobs'.post.responses.keySet()", everyItem(matchesPattern("[2345][0-9]{2}")));
    }
}
