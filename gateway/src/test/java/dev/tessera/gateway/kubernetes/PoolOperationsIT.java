package dev.tessera.gateway.kubernetes;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.tessera.gateway.BundleResource;
import dev.tessera.gateway.PooledGateway;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools over HTTP, on a gateway that may speak to the cluster. */
@QuarkusTest
@TestProfile(PooledGateway.class)
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
@QuarkusTestResource(value = MockClusterResource.class, restrictToAnnotatedClass = true)
class PoolOperationsIT {
    @Inject
    KubernetesClient client;

    @Inject
    JobEventPublisher publisher;

    @BeforeEach
    void waitUntilReady() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    @Test
    void shouldTellWhatTheClusterKnowsOfAPool() {
        // When
        Response response = given().get("/v1/pools/mosaics");

        // Then
        response.then()
                .statusCode(200)
                .body("gpu_seconds.target", equalTo(7f))
                .body("cluster.autoscaled", equalTo(true))
                .body("cluster.mode", equalTo("running"))
                .body("cluster.min", equalTo(0))
                .body("cluster.replicas.wanted", equalTo(2))
                .body("cluster.replicas.ready", equalTo(1))
                .body("cluster.replicas.pending", equalTo(1))
                .body("cluster.nodes", contains("node-mosaics-1"))
                .body("cluster.devices.'nvidia.com/mig-1g.10gb'", equalTo(2))
                .body("cluster.waiting.pod", contains("mosaics-2"))
                .body("cluster.waiting.reason", contains("Unschedulable"));
        given().get("/v1/pools").then().body("data[0].cluster", nullValue());
    }

    @Test
    void shouldChangeAPoolThatIsScaled() {
        // When
        Response response = patch("mosaics", "{\"max\": 12, \"mode\": \"paused\"}");

        // Then
        response.then()
                .statusCode(200)
                .body("name", equalTo("mosaics"))
                .body("cluster.max", equalTo(12))
                .body("cluster.mode", equalTo("paused"));
        patch("mosaics", "{\"max\": 8, \"mode\": \"running\"}")
                .then()
                .statusCode(200)
                .body("cluster.mode", equalTo("running"));
    }

    @Test
    void shouldChangeAPoolOfAFixedSize() {
        // When
        Response response = patch("pictures", "{\"min\": 3, \"max\": 3}");

        // Then
        response.then()
                .statusCode(200)
                .body("cluster.autoscaled", equalTo(false))
                .body("cluster.replicas.wanted", equalTo(3));
        patch("pictures", "{\"mode\": \"drained\"}").then().body("cluster.mode", equalTo("drained"));
        assertThat(new TestCluster(client).replicas("pictures")).isZero();
    }

    @Test
    void shouldNameEveryMistake() {
        // When
        Response response = patch("mosaics", "{\"min\": -1, \"mode\": \"off\", \"size\": 3}");

        // Then
        response.then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid_request"))
                .body("errors.pointer", containsInAnyOrder("/min", "/mode", "/size"));
        patch("none", "{}").then().statusCode(404).body("code", equalTo("pool_not_found"));
    }

    @Test
    void shouldKeepThePodsDeletionCostsInStep() {
        // Given
        Job job = Job.newBuilder()
                .setId(given().contentType("application/json")
                        .body("{\"prompt\":\"a cat\"}")
                        .post("/v1/jobs")
                        .path("id"))
                .setTenant("default")
                .build();

        // When
        publisher.publish(new JobEvents(Clock.systemUTC(), "mosaics-1").generationStarted(job, 0, 1));

        // Then
        eventually(() -> assertThat(annotations("mosaics-1")).containsEntry(DeletionCosts.ANNOTATION, "10"));
        given().delete("/v1/jobs/" + job.getId()).then().statusCode(202);
        eventually(() -> assertThat(annotations("mosaics-1")).containsEntry(DeletionCosts.ANNOTATION, "0"));
        assertThat(annotations("mosaics-2")).doesNotContainKey(DeletionCosts.ANNOTATION);
    }

    private Map<String, String> annotations(String pod) {
        Map<String, String> annotations =
                new TestCluster(client).pod(pod).getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    private static Response patch(String pool, String body) {
        return given().contentType("application/json").body(body).patch("/v1/pools/" + pool);
    }
}
