package dev.tessera.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.tessera.testkit.TesseraTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What there is, and who sees it. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class ListingsIT extends JobsFixture {
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
                .body("data[1].precision", equalTo("fp32"))
                .body("data[1].licence", equalTo("Apache-2.0"));
        given().get("/v1/models/tiny-text")
                .then()
                .statusCode(200)
                .body("digest", equalTo(response.path("data[1].digest")));
    }
}
