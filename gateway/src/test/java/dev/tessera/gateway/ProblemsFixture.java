package dev.tessera.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.testkit.InjectServer;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Requests that are refused with a problem, and let nothing into the queue. */
abstract class ProblemsFixture {
    static final String NO_JOB = "/v1/jobs/019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1";

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
            admin = null;
        }
    }

    private Admin admin() {
        Admin open = admin == null ? Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers())) : admin;
        admin = open;
        return open;
    }

    static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body);
    }

    static ValidatableResponse problem(Response response, int status, String code) {
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

    static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
