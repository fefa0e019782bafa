package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.Job;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By its bundle, a guided image takes the generator three and a half seconds, until others were measured. */
@QuarkusTest
@TestProfile(PooledGateway.class)
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class PoolsIT {
    private static final String[] SETTINGS = {
        "tessera.gateway.pools.mosaics.stage=generator",
        "tessera.gateway.pools.mosaics.models=tiny-text",
        "tessera.gateway.pools.mosaics.target=7s"
    };

    @Inject
    FakeStages stages;

    @Inject
    Config config;

    @BeforeEach
    void waitUntilReady() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    @AfterEach
    void cancelEverything() {
        given().get("/v1/jobs?limit=100")
                .jsonPath()
                .getList("data.id", String.class)
                .forEach(id -> given().delete("/v1/jobs/" + id));
    }

    @Test
    void shouldListThePoolsOfTheSettings() {
        // When
        Response response = given().get("/v1/pools");

        // Then
        response.then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.name", contains("classes", "mosaics", "pictures"))
                .body("data.object", contains("pool", "pool", "pool"))
                .body("data.stage", contains("generator", "generator", "decoder"))
                .body("data.gpu_seconds.target", contains(30f, 7f, 30f))
                .body("data[2].models", contains("tiny-class", "tiny-text"));
    }

    @Test
    void shouldTellTheWorkOfAPoolFromTheFirstImageToTheLast() {
        // Given
        double image = pool("mosaics").jsonPath().getDouble("rates[0].gpu_seconds_per_image");
        Job job = submit("{\"prompt\":\"a cat\",\"n\":4}");
        eventually(() -> pool("mosaics")
                .then()
                .body("active", equalTo(true))
                .body("jobs", equalTo(1))
                .body("images.queued", equalTo(4)));
        assertThat(total("mosaics")).isCloseTo(4 * image, within(0.01));
        pool("pictures").then().body("active", equalTo(true)).body("images.upstream", equalTo(4));

        // When
        stages.generate(job, 0, Duration.ofSeconds(2));

        // Then
        eventually(() ->
                pool("mosaics").then().body("images.queued", equalTo(3)).body("rates[0].measured", equalTo(true)));
        pool("pictures").then().body("images.upstream", equalTo(3)).body("images.queued", equalTo(1));
        for (int index = 0; index < 4; index++) {
            stages.make(job, index);
        }
        eventually(() -> {
            assertThat(total("mosaics")).isZero();
            pool("mosaics").then().body("active", equalTo(false));
            pool("pictures").then().body("active", equalTo(false)).body("eta_seconds", equalTo(0f));
        });
    }

    @Test
    void shouldTellTheSameOnAReplicaThatHasJustStarted() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\",\"n\":4}");
        stages.generate(job, 0, Duration.ofSeconds(3));
        stages.generate(job, 1, 5);
        eventually(() -> pool("mosaics")
                .then()
                .body("images.queued", equalTo(2))
                .body("images.in_flight", equalTo(1))
                .body("rates[0].measured", equalTo(true)));

        // When
        try (OtherReplica other = OtherReplica.started(config, SETTINGS)) {

            // Then
            for (String part : List.of("images", "gpu_seconds", "rates", "jobs", "active")) {
                Object there = other.get("/v1/pools/mosaics").path(part);
                Object here = pool("mosaics").path(part);
                assertThat(there).as(part).isEqualTo(here);
            }
        }
    }

    @Test
    void shouldTellTheSameAsMetrics() {
        // When
        submit("{\"prompt\":\"a cat\",\"n\":3}");

        // Then
        eventually(() -> {
            assertThat(metric("pool_images{pool=\"mosaics\",state=\"queued\"}")).isEqualTo(3);
            assertThat(metric("pool_images{pool=\"pictures\",state=\"upstream\"}"))
                    .isEqualTo(3);
        });
        assertThat(metric("pool_work_seconds{pool=\"mosaics\",state=\"queued\"}"))
                .isPositive()
                .isCloseTo(total("mosaics"), within(0.01));
        assertThat(metric("pool_work_seconds{pool=\"mosaics\",state=\"in_flight\"}"))
                .isZero();
        assertThat(metric("pool_target_seconds{pool=\"mosaics\"}")).isEqualTo(7);
    }

    @Test
    void shouldChangeNoPoolWhereItLooksAfterNoCluster() {
        // When
        Response response =
                given().contentType("application/json").body("{\"max\":3}").patch("/v1/pools/mosaics");

        // Then
        response.then()
                .statusCode(501)
                .contentType("application/problem+json")
                .body("code", equalTo("no_cluster"))
                .body("retryable", equalTo(false));
        pool("mosaics").then().statusCode(200).body("cluster", nullValue());
        given().delete("/v1/pools/mosaics").then().statusCode(405).header("Allow", equalTo("GET, HEAD, PATCH"));
    }

    @Test
    void shouldNameThePoolsThereAreWhenOneIsNot() {
        // When
        Response response = pool("none");

        // Then
        response.then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("pool_not_found"))
                .body("detail", containsString("[classes, mosaics, pictures]"));
    }

    private static double total(String pool) {
        return pool(pool).jsonPath().getDouble("gpu_seconds.total");
    }

    private static double metric(String name) {
        String line = given().get("/q/metrics")
                .asString()
                .lines()
                .filter(text -> text.startsWith("tessera_gateway_" + name))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static Response pool(String name) {
        return given().get("/v1/pools/" + name);
    }

    private static Job submit(String body) {
        Response response = given().contentType("application/json").body(body).post("/v1/jobs");
        response.then().statusCode(202);
        return FakeStages.job("default", response.path("id"));
    }
}
