package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/** What becomes of a request that begins with a picture. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class EditIT extends JobsFixture {
    private static final byte[] PICTURE = Pngs.picture(64, 48);
    private static final byte[] MASK = Pngs.mask(64, 48);

    private static String body(byte[] picture) {
        return "{\"prompt\":\"a hat\",\"image\":\"" + Pngs.base64(picture) + "\",\"mask\":\"" + Pngs.base64(MASK)
                + "\"}";
    }

    private Job submittedJob(String id) {
        eventually(
                () -> assertThat(submitted("tiny-text")).extracting(Job::getId).contains(id));
        return submitted("tiny-text").stream()
                .filter(job -> job.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldLeaveThePictureInTheBucketUntilTheJobHasEnded() throws InvalidProtocolBufferException {
        // When
        Response response = post(body(PICTURE));

        // Then
        String id = response.path("id");
        response.then()
                .statusCode(202)
                .body("image_sha256", equalTo(FakeStages.sha256(PICTURE)))
                .body("mask_sha256", equalTo(FakeStages.sha256(MASK)))
                .body("strength", nullValue())
                .body("image", nullValue());
        Job job = submittedJob(id);
        String name = job.getEdit().getSource();
        assertThat(name).startsWith("claims/").contains(id);
        EditSource source = EditSource.parseFrom(bucket.get(name).orElseThrow());
        assertThat(source.getRgb().size()).isEqualTo(64 * 48 * 3);
        assertThat(source.getMask().size()).isEqualTo(64 * 48);

        stages.make(job, 0);
        awaitStatus(job, "succeeded");
        until("the picture is gone", () -> bucket.get(name).isEmpty());
    }

    @Test
    void shouldMakeOneJobOfOneKeyAndAnotherProblemOfAnotherPicture() {
        // Given
        String key = "edit-" + System.nanoTime();

        // When
        Response first = post(body(PICTURE), key);
        Response again = post(body(PICTURE), key);
        Response other = post(body(Pngs.opaque(64, 48)), key);

        // Then
        first.then().statusCode(202);
        again.then().statusCode(202).body("id", equalTo(first.path("id")));
        other.then().statusCode(422).body("code", equalTo("idempotency_key_reused"));
    }

    @Test
    void shouldBeginWithAnImageThatAnEarlierJobHasStored() throws InvalidProtocolBufferException {
        // Given
        Job earlier = submittedJob(submit("{\"prompt\":\"a cat\"}").getId());
        stages.make(earlier, 0, PICTURE);
        awaitStatus(earlier, "succeeded");
        String url = "/v1/jobs/" + earlier.getId() + "/images/0";

        // When
        Response response = post("{\"prompt\":\"a cat\",\"from\":\"" + url + "\",\"strength\":0.25}");

        // Then
        response.then()
                .statusCode(202)
                .body("from", equalTo(url))
                .body("image_sha256", equalTo(FakeStages.sha256(PICTURE)))
                .body("strength", equalTo(0.25f))
                .body("id", not(equalTo(earlier.getId())));
        Job job = submittedJob(response.path("id"));
        EditSource source =
                EditSource.parseFrom(bucket.get(job.getEdit().getSource()).orElseThrow());
        assertThat(source.getTokens().getIdsList()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }
}
