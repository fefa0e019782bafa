package dev.tessera.tokenizer;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyLlamaGen;
import dev.tessera.testmodels.TinyModelResource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.TextStates;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyModelResource.class, restrictToAnnotatedClass = true)
class TokenizerServiceIT extends TokenizerServiceFixture {
    private final TinyLlamaGen tiny = TinyLlamaGen.text();

    @Test
    void shouldGiveTheGeneratorOnePieceOfWorkForEachImage() {
        // Given
        String prompt = tiny.facts().get("prompts").get(1).textValue();
        Job job = job().setPrompt(prompt).setNegativePrompt("cat").build();

        // When
        work.publish(JobSubmitted.newBuilder().setJob(job).build());

        // Then
        eventually(() -> assertThat(generatorQueue.of(job.getId()))
                .extracting(ImageConditioned::getImageIndex)
                .containsExactly(0, 1, 2));
        eventually(() -> assertThat(generatorQueue.of(job.getId())).allSatisfy(image -> {
            assertThat(image.getJob()).isEqualTo(job);
            // Half floats have eleven significant bits.
            assertThat(floats(image.getConditioning().getText()))
                    .containsExactly(tiny.expected("states.1"), within(4e-3f));
            assertThat(floats(image.getUnconditional().getText()))
                    .containsExactly(tiny.expected("states.0"), within(4e-3f));
        }));
        jobs.await(job, JobEvent.EventCase.ENCODING_STARTED);
    }

    @Test
    void shouldFailTheJobForGoodWhenItAsksForAClass() {
        // Given
        Job job = job().setClassId(1).build();

        // When
        work.publish(JobSubmitted.newBuilder().setJob(job).build());

        // Then
        JobEvent failed = jobs.await(job, JobEvent.EventCase.FAILED);
        assertThat(failed.getFailed().getReason()).isEqualTo("condition_mismatch");
        assertThat(failed.getFailed().getStage()).isEqualTo("tokenizer");
    }

    @Test
    void shouldDropAJobWhoseDeadlineIsOver() throws Exception {
        // Given
        Job job = job().setPrompt("a cat")
                .setDeadline(JobEvents.timestamp(Instant.now().minusSeconds(5)))
                .build();

        // When
        work.publish(JobSubmitted.newBuilder().setJob(job).build());

        // Then
        jobs.await(job, JobEvent.EventCase.EXPIRED);
        assertThat(generatorQueue.of(job.getId())).isEmpty();
    }

    @Test
    void shouldTellThatItIsReadyAndHowLongItEncoded() {
        // Given
        Job job = job().setPrompt("a rainbow").build();
        work.publish(JobSubmitted.newBuilder().setJob(job).build());
        eventually(() -> assertThat(generatorQueue.of(job.getId())).hasSize(3));

        // When, Then
        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("tessera_text_encoding_seconds_count{model=\"tiny\"}"));
    }

    private static float[] floats(TextStates states) {
        ByteBuffer halves = states.getHalfFloats().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[states.getTokens() * states.getWidth()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.float16ToFloat(halves.getShort());
        }
        return floats;
    }
}
