package dev.tessera.generator;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.tessera.generation.ImageServiceFixture;
import dev.tessera.pipeline.CancellationPublisher;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyModelResource;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TextStates;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyModelResource.class, restrictToAnnotatedClass = true)
class GeneratorServiceIT extends ImageServiceFixture {
    @Inject
    CancellationPublisher cancelling;

    @Inject
    Cancellations cancellations;

    private TinyModel tiny;

    @BeforeEach
    void open() {
        tiny = TinyModel.openText(bundle.directory());
    }

    @Test
    void shouldGiveTheDecoderTheTokensOfTheReference() {
        for (int sequence = 0; sequence < tiny.sequences(); sequence++) {
            // Given
            Job job = job(1).setSampling(sampling(tiny.guidance(), 0)).build();

            // When
            work.publish(image(job, 0, sequence));

            // Then
            int[] expected = tiny.expected(sequence).ids();
            assertThat(decoderQueue.await(jobs, job, 1).getFirst().getTokens().getIdsList().stream()
                            .mapToInt(id -> id)
                            .toArray())
                    .isEqualTo(expected);
            jobs.await(job, JobEvent.EventCase.GENERATION_STARTED);
        }
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersAndWhenDeliveredAgain() {
        // Given
        Job alone = job(1).build();
        work.publish(image(alone, 0, 2));
        TokensGenerated expected = decoderQueue.await(jobs, alone, 1).getFirst();

        // When
        Job many = job(16).build();
        Job others = job(16).setSeed(9).build();
        for (int index = 0; index < 16; index++) {
            work.publish(image(many, index, 2));
            work.publish(image(others, index, index % 4));
        }
        work.publish(image(many, 0, 2));

        // Then
        assertFirstAsAlone(many, expected);
        decoderQueue.await(jobs, others, 16);
    }

    @Test
    void shouldFailOnlyTheJobWhoseConditioningIsOfAnotherWidth() {
        // Given
        Job bad = job(1).build();
        Job good = job(1).build();
        TextStates wide = TextStates.newBuilder(tiny.states(0))
                .setWidth(16)
                .setTokens(tiny.states(0).getTokens() * 2)
                .build();

        // When
        work.publish(image(bad, 0, 0).toBuilder()
                .setConditioning(Conditioning.newBuilder().setText(wide))
                .build());
        work.publish(image(good, 0, 0));

        // Then
        decoderQueue.await(jobs, good, 1);
        JobEvent failed = jobs.await(bad, JobEvent.EventCase.FAILED);
        assertThat(failed.getFailed().getReason()).isEqualTo("conditioning_mismatch");
        assertThat(failed.getFailed().getStage()).isEqualTo("generator");
    }

    @Test
    void shouldDropWhatIsCancelled() throws Exception {
        // Given
        Job cancelled = job(1).build();
        Job wanted = job(1).build();
        cancelling.cancel(cancelled.getId());
        eventually(
                () -> assertThat(cancellations.isCancelled(cancelled.getId())).isTrue());

        // When
        work.publish(image(cancelled, 0, 0));
        work.publish(image(wanted, 0, 0));

        // Then
        decoderQueue.await(jobs, wanted, 1);
        assertThat(decoderQueue.of(cancelled.getId())).isEmpty();
        assertThat(jobs.kinds(cancelled)).doesNotContain(JobEvent.EventCase.GENERATION_STARTED);
    }

    @Test
    void shouldTellThatItIsReadyAndHowMuchItGenerated() {
        // Given
        Job job = job(1).build();
        work.publish(image(job, 0, 1));
        decoderQueue.await(jobs, job, 1);

        // When, Then
        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("tessera_generation_tokens_total{model=\"tiny\"}"))
                .body(containsString("tessera_generation_step_seconds_count{model=\"tiny\"}"))
                .body(containsString("tessera_generation_images{model=\"tiny\"}"));
    }

    private ImageConditioned image(Job job, int index, int sequence) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setImageIndex(index)
                .setConditioning(Conditioning.newBuilder().setText(tiny.states(sequence)))
                .build();
    }

    private Job.Builder job(int images) {
        return Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant("tenant-1")
                .setModel(tiny.bundle().name())
                .setModelDigest(tiny.bundle().digest())
                .setPrompt("cat")
                .setImages(images)
                .setWidth(32)
                .setHeight(32)
                .setSeed(7)
                .setSampling(sampling(4, 1));
    }

    private static Sampling.Builder sampling(float guidance, float temperature) {
        return Sampling.newBuilder()
                .setGuidanceScale(guidance)
                .setTemperature(temperature)
                .setTopP(1);
    }
}
