package dev.tessera.generator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.tessera.generation.ImageServiceFixture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyTamingResource;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The service on a real broker, with a tiny VQGAN + GPT model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyTamingResource.class, restrictToAnnotatedClass = true)
class WindowedServiceIT extends ImageServiceFixture {
    private final TinyTaming tiny = TinyTaming.classes();

    @Test
    void shouldGiveTheDecoderTheTokensOfTheReferenceInEverySize() {
        for (int image = 0; image < tiny.images(); image++) {
            // Given
            Job job = job(tiny.classOf(image), 1, 1, tiny.tokens(image));

            // When
            work.publish(image(job, 0));

            // Then
            var tokens = decoderQueue.await(jobs, job, 1).getFirst().getTokens();
            assertThat(tokens.getRows()).isEqualTo(tiny.tokens(image).rows());
            assertThat(tokens.getColumns()).isEqualTo(tiny.tokens(image).columns());
            assertThat(tokens.getIdsList().stream().mapToInt(id -> id).toArray())
                    .isEqualTo(tiny.tokens(image).ids());
            assertThat(jobs.tokensTold(job)).isEqualTo(tiny.tokens(image).size());
        }
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersAndWhenDeliveredAgain() {
        // Given
        TokenGrid large = tiny.tokens(tiny.images() - 1);
        Job alone = job(3, 1, 0, large);
        work.publish(image(alone, 0));
        TokensGenerated expected = decoderQueue.await(jobs, alone, 1).getFirst();

        // When
        Job many = job(3, 16, 0, large);
        Job others = job(5, 16, 20, tiny.tokens(0));
        for (int index = 0; index < 16; index++) {
            work.publish(image(many, index));
            work.publish(image(others, index));
        }
        work.publish(image(many, 0));

        // Then
        assertFirstAsAlone(many, expected);
        decoderQueue.await(jobs, others, 16);
        given().get("/q/metrics")
                .then()
                .body(containsString("tessera_generation_step_seconds_count{model=\"tiny-taming\"}"));
    }

    @Test
    void shouldFailOnlyTheJobThatTheModelCannotServe() {
        // Given
        Job badClass = job(10, 1, 0, tiny.tokens(0));
        Job badSize = job(1, 1, 0, tiny.tokens(0)).toBuilder().setWidth(18).build();
        Job good = job(9, 1, 0, tiny.tokens(0));

        // When
        work.publish(image(badClass, 0));
        work.publish(image(badSize, 0));
        work.publish(image(good, 0));

        // Then
        decoderQueue.await(jobs, good, 1);
        assertThat(failure(badClass)).isEqualTo("conditioning_mismatch");
        assertThat(failure(badSize)).isEqualTo("invalid_request");
    }

    private String failure(Job job) {
        return jobs.await(job, JobEvent.EventCase.FAILED).getFailed().getReason();
    }

    private static ImageConditioned image(Job job, int index) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setImageIndex(index)
                .setConditioning(Conditioning.newBuilder().setClassId(job.getClassId()))
                .build();
    }

    private Job job(int classId, int images, int topK, TokenGrid size) {
        return Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant("tenant-1")
                .setModel(TinyTamingResource.NAME)
                .setModelDigest(bundle.digest())
                .setClassId(classId)
                .setImages(images)
                .setWidth(4 * size.columns())
                .setHeight(4 * size.rows())
                .setSeed(7)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(1)
                        .setTemperature(1)
                        .setTopK(topK)
                        .setTopP(1))
                .build();
    }
}
