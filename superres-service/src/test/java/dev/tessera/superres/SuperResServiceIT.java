package dev.tessera.superres;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.google.protobuf.ByteString;
import dev.tessera.generation.ImageServiceFixture;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyMuse;
import dev.tessera.testmodels.TinyMuseResource;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.LowResolutionTokens;
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

/** The service on a real broker, with a tiny Muse model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyMuseResource.class, restrictToAnnotatedClass = true)
class SuperResServiceIT extends ImageServiceFixture {
    private final TinyMuse tiny = TinyMuse.layered();

    @Test
    void shouldGiveTheDecoderTheFinerTokensOfTheReference() {
        for (int image = 0; image < tiny.images(); image++) {
            // Given: the likeliest tokens, as the reference took them
            Job job = job(1).setSampling(sampling(1)).build();

            // When
            work.publish(image(job, 0, image));

            // Then
            var tokens = decoderQueue.await(jobs, job, 1).getFirst().getTokens();
            assertThat(tokens.getRows()).isEqualTo(8);
            assertThat(tokens.getCodebookSize()).isEqualTo(96);
            assertThat(tokens.getIdsList().stream().mapToInt(id -> id).toArray())
                    .isEqualTo(tiny.tokens(image).ids());
            JobEvent done = jobs.await(job, JobEvent.EventCase.UPSCALING_PROGRESSED);
            assertThat(jobs.kinds(job)).startsWith(JobEvent.EventCase.UPSCALING_STARTED);
            assertThat(done.getUpscalingProgressed().getTokensTotal()).isEqualTo(64);
        }
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersAndWhenDeliveredAgain() {
        // Given
        Job alone = job(1).build();
        work.publish(image(alone, 0, 0));
        TokensGenerated expected = decoderQueue.await(jobs, alone, 1).getFirst();

        // When: others only upscale, in steps of their own
        Job many = job(16).build();
        Job others = job(16).setUpscale(true)
                .setUnmasking(Unmasking.newBuilder().setSteps(3).setSchedule(Unmasking.Schedule.LINEAR))
                .build();
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
                .body(containsString("tessera_generation_step_seconds_count{model=\"tiny-muse\"}"));
        given().get("/q/health/ready").then().statusCode(200).body(containsString("tiny-muse"));
    }

    @Test
    void shouldFailOnlyTheJobWhoseBaseGridIsOfAnotherCodebook() {
        // Given
        Job bad = job(1).build();
        Job good = job(1).build();
        LowResolutionTokens foreign = image(bad, 0, 0).toBuilder()
                .setTokens(image(bad, 0, 0).getTokens().toBuilder().setCodebookSize(1024))
                .build();

        // When
        work.publish(foreign);
        work.publish(image(good, 0, 1));

        // Then
        decoderQueue.await(jobs, good, 1);
        JobEvent failed = jobs.await(bad, JobEvent.EventCase.FAILED);
        assertThat(failed.getFailed().getStage()).isEqualTo("superres");
    }

    private LowResolutionTokens image(Job job, int index, int image) {
        return LowResolutionTokens.newBuilder()
                .setJob(job)
                .setImageIndex(index)
                .setTokens(TokenMessages.of(tiny.baseTokens(image)))
                .setConditioning(conditioning(tiny.states(image)))
                .setUnconditional(conditioning(tiny.negativeStates(image)))
                .build();
    }

    private Conditioning conditioning(float[] states) {
        var text = (TextConditioning) bundle.manifest().conditioning();
        ByteBuffer bytes = ByteBuffer.allocate(states.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(states);
        return Conditioning.newBuilder()
                .setText(TextStates.newBuilder()
                        .setTokens(text.maxTokens())
                        .setWidth(text.width())
                        .setFloats(ByteString.copyFrom(bytes)))
                .build();
    }

    private Job.Builder job(int images) {
        return Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant("tenant-1")
                .setModel(TinyMuseResource.NAME)
                .setModelDigest(bundle.digest())
                .setPrompt("noise")
                .setImages(images)
                .setSeed(7)
                .setSampling(sampling(0));
    }

    private Sampling sampling(int topK) {
        return Sampling.newBuilder()
                .setGuidanceScale(tiny.guidance())
                .setTemperature(2)
                .setTopK(topK)
                .setTopP(1)
                .build();
    }
}
