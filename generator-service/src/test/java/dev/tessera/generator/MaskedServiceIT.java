package dev.tessera.generator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.google.protobuf.ByteString;
import dev.tessera.generation.ImageServiceFixture;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyAmusedResource;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TextStates;
import dev.tessera.v1.TokensGenerated;
import dev.tessera.v1.Unmasking;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The service on a real broker, with a tiny aMUSEd model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyAmusedResource.class, restrictToAnnotatedClass = true)
class MaskedServiceIT extends ImageServiceFixture {
    private final TinyAmused tiny = TinyAmused.plain();

    @Test
    void shouldGiveTheDecoderTheTokensOfTheReference() {
        for (int text = 0; text < tiny.images(); text++) {
            // Given
            Job job = job(1, tiny.guidance(), 1, tiny.steps());

            // When
            work.publish(image(job, 0, text));

            // Then
            var tokens = decoderQueue.await(jobs, job, 1).getFirst().getTokens();
            assertThat(tokens.getRows()).isEqualTo(4);
            assertThat(tokens.getIdsList().stream().mapToInt(id -> id).toArray())
                    .isEqualTo(tiny.tokens(text).ids());
        }
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersAndWhenDeliveredAgain() {
        // Given
        Job alone = job(1, 10, 0, 6);
        work.publish(image(alone, 0, 0));
        TokensGenerated expected = decoderQueue.await(jobs, alone, 1).getFirst();

        // When
        Job many = job(16, 10, 0, 6);
        Job others = job(16, 1, 20, 3);
        for (int index = 0; index < 16; index++) {
            work.publish(image(many, index, 0));
            work.publish(image(others, index, 1));
        }
        work.publish(image(many, 0, 0));

        // Then
        assertFirstAsAlone(many, expected);
        decoderQueue.await(jobs, others, 16);
        given().get("/q/metrics")
                .then()
                .body(containsString("tessera_generation_step_seconds_count{model=\"tiny-amused\"}"));
    }

    @Test
    void shouldFailOnlyTheJobThatHasNoText() {
        // Given
        Job bad = job(1, 10, 0, 6);
        Job good = job(1, 10, 0, 6);

        // When
        work.publish(ImageConditioned.newBuilder()
                .setJob(bad)
                .setConditioning(Conditioning.newBuilder().setClassId(3))
                .build());
        work.publish(image(good, 0, 1));

        // Then
        decoderQueue.await(jobs, good, 1);
        jobs.await(bad, JobEvent.EventCase.FAILED);
        assertThat(jobs.of(bad).stream().filter(JobEvent::hasFailed).map(event -> event.getFailed()
                        .getReason()))
                .containsOnly("conditioning_mismatch");
    }

    private ImageConditioned image(Job job, int index, int text) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setImageIndex(index)
                .setConditioning(conditioning(tiny.states(text), tiny.pooled(text)))
                .setUnconditional(conditioning(tiny.negativeStates(text), tiny.negativePooled(text)))
                .build();
    }

    private static Conditioning conditioning(float[] states, float[] pooled) {
        return Conditioning.newBuilder()
                .setText(TextStates.newBuilder()
                        .setTokens(77)
                        .setWidth(states.length / 77)
                        .setFloats(bytes(states))
                        .setPooled(bytes(pooled)))
                .build();
    }

    private static ByteString bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }

    private Job job(int images, float guidance, int topK, int steps) {
        return Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant("tenant-1")
                .setModel(TinyAmusedResource.NAME)
                .setModelDigest(bundle.digest())
                .setPrompt("noise")
                .setImages(images)
                .setWidth(16)
                .setHeight(16)
                .setSeed(7)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(guidance)
                        .setTemperature(2)
                        .setTopK(topK)
                        .setTopP(1))
                .setUnmasking(Unmasking.newBuilder().setSteps(steps).setSchedule(Unmasking.Schedule.COSINE))
                .build();
    }
}
