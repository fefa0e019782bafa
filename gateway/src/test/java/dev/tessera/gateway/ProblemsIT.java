package dev.tessera.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.testkit.InjectServer;
import dev.tessera.testkit.TesseraTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class ProblemsIT {
    private static final String NO_JOB = "/v1/jobs/019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1";

    @InjectServer
    EmbeddedKafka kafka;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private static @Nullable Admin admin;
    private TopicOffsets before = new TopicOffsets(Map.of());

    @BeforeEach
    void remember() {
        before = TopicOffsets.of(admin());
    }

    @AfterEach
    void shouldLetNothingIntoTheQueue() {
        assertThat(TopicOffsets.of(admin())).isEqualTo(before);
    }

    @AfterAll
    static void closeAdmin() {
        if (admin != null) {
            admin.close();
        }
    }

    private Admin admin() {
        Admin open = admin == null ? Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers())) : admin;
        admin = open;
        return open;
    }

    static List<Arguments> badFields() {
        return List.of(
                Arguments.of("{\"prompt\":\"\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"" + "x".repeat(100 * 1024) + "\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"a\\u0000\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"a\",\"n\":0}", "/n"),
                Arguments.of("{\"prompt\":\"a\",\"n\":1000000000000}", "/n"),
                Arguments.of("{\"prompt\":\"a\",\"size\":\"512x512\"}", "/size"),
                Arguments.of("{\"prompt\":\"a\",\"guidance_scale\":NaN}", "/guidance_scale"),
                Arguments.of("{\"prompt\":\"a\",\"guidance_scale\":-Infinity}", "/guidance_scale"),
                Arguments.of("{\"prompt\":\"a\",\"temperature\":\"hot\"}", "/temperature"),
                Arguments.of("{\"prompt\":\"a\",\"top_k\":1.5}", "/top_k"),
                Arguments.of("{\"prompt\":\"a\",\"top_p\":0}", "/top_p"),
                Arguments.of("{\"prompt\":\"a\",\"seed\":-1}", "/seed"),
                Arguments.of("{\"prompt\":\"a\",\"model\":\"dall-e-3\"}", "/model"),
                Arguments.of("{\"prompt\":\"a\",\"steps\":20}", "/steps"),
                Arguments.of("{\"prompt\":\"a\",\"prompt\":\"b\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"a\",\"class\":1}", "/class"),
                Arguments.of("{\"model\":\"tiny-class\",\"class\":1,\"prompt\":\"a\"}", "/prompt"),
                Arguments.of("{\"model\":\"tiny-class\",\"class\":10}", "/class"),
                Arguments.of("{\"prompt\":\"a\",\"strength\":0.5}", "/strength"),
                Arguments.of("{\"prompt\":\"a\",\"from\":\"" + NO_JOB + "/images/0\"}", "/from"),
                Arguments.of(image(Pngs.bomb(50_000, 50_000)), "/image"),
                Arguments.of(image(Arrays.copyOf(Pngs.picture(64, 48), 150)), "/image"),
                Arguments.of(image(Pngs.picture(65, 48)), "/image"),
                Arguments.of(image(Pngs.animated(64, 48)), "/image"),
                Arguments.of(image(Pngs.cmykJpeg()), "/image"),
                Arguments.of(image(Pngs.jpeg(64, 48)), "/image"),
                Arguments.of(image(new byte[2_200_000]), "/image"),
                Arguments.of(mask(Pngs.mask(48, 64)), "/mask"),
                Arguments.of(mask(Pngs.picture(64, 48)), "/mask"),
                Arguments.of(mask(Pngs.opaque(64, 48)), "/mask"));
    }

    private static String image(byte[] file) {
        return "{\"prompt\":\"a\",\"image\":\"" + Pngs.base64(file) + "\"}";
    }

    private static String mask(byte[] file) {
        return "{\"prompt\":\"a\",\"image\":\"" + Pngs.base64(Pngs.picture(64, 48)) + "\",\"mask\":\""
                + Pngs.base64(file) + "\"}";
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void shouldNameTheFieldThatIsWrong(String body, String pointer) {
        // When
        Response response = json(body).post("/v1/jobs");

        // Then
        problem(response, 400, "invalid_request")
                .body("errors.pointer", equalTo(List.of(pointer)))
                .body("errors[0].detail", not(equalTo("")))
                .body("instance", equalTo("/v1/jobs"))
                .body("retryable", equalTo(false));
    }

    @Test
    void shouldNameAllFieldsThatAreWrongAtOnce() {
        // When
        Response response = json("{\"prompt\":\"\",\"n\":0,\"seed\":1.5,\"size\":\"1x1\",\"x\":1}")
                .post("/v1/jobs");

        // Then
        problem(response, 400, "invalid_request")
                .body("errors.pointer", hasItems("/prompt", "/n", "/seed", "/size", "/x"))
                .body("errors.size()", equalTo(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"prompt\":\"a\"", "{\"prompt\":\"a\"}x", "prompt=a"})
    void shouldRefuseABodyThatIsNotJson(String body) {
        // When
        Response response = json(body).post("/v1/jobs");

        // Then
        problem(response, 400, "malformed_json").body("errors.pointer", equalTo(List.of("")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
                "application/json; charset=iso-8859-1",
                "application/*",
                "*/*"
            })
    void shouldRefuseOtherTypesOfBody(String type) {
        // When
        Response response = given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                                .encodeContentTypeAs(type, ContentType.TEXT)))
                .contentType(type)
                .body("{\"prompt\":\"a\"}")
                .post("/v1/jobs");

        // Then
        problem(response, 415, "unsupported_media_type");
    }

    @Test
    void shouldRefuseABodyWithoutAType() throws Exception {
        // Given
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/jobs"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"a\"}"))
                .build();

        // When
        HttpResponse<String> response = send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.body()).contains("unsupported_media_type");
    }

    @Test
    void shouldRefuseABodyThatSaysItIsTooLarge() {
        // When
        Response response =
                json("{\"prompt\":\"" + "x".repeat(7_000_000) + "\"}").post("/v1/jobs");

        // Then
        problem(response, 413, "body_too_large");
    }

    @Test
    void shouldRefuseABodyThatTurnsOutTooLarge() throws Exception {
        // Given
        byte[] chunk = "x".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/jobs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArrays(Collections.nCopies(400, chunk)))
                .build();

        // When
        HttpResponse<String> response = send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

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

    private static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body);
    }

    private static ValidatableResponse problem(Response response, int status, String code) {
        return response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tessera:problem:" + code))
                .body("code", equalTo(code))
                .body("status", equalTo(status))
                .body("title", not(equalTo("")))
                .body("detail", not(equalTo("")))
                .body("trace_id", matchesPattern("[0-9a-f]{32}"));
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
