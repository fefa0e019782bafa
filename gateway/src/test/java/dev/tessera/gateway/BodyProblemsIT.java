package dev.tessera.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.tessera.testkit.TesseraTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class BodyProblemsIT extends ProblemsFixture {
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
}
