package dev.tessera.generator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;

import com.google.protobuf.ByteString;
import dev.tessera.generation.ImageServiceFixture;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyVar;
import dev.tessera.testmodels.TinyVarResource;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.KnownTokens;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The service on a real broker, with a tiny VAR model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyVarResource.class, restrictToAnnotatedClass = true)
class NextScaleServiceIT extends ImageServiceFixture {
    private final TinyVar tiny = TinyVar.plain();

    @Test
    void shouldGiveTheDecoderTheTokensOfAllScalesOfTheReference() {
        for (int image = 0; image < tiny.images(); image++) {
            // Given
            Job job = job(tiny.classOf(image), 1, tiny.cfg(), 1);

            // When
            work.publish(image(job, 0));

            // Then
            var tokens = decoderQueue.await(jobs, job, 1).getFirst().getTokens();
            assertThat(tokens.getScalesList()).isEqualTo(tiny.tokens(image).scales());
            assertThat(tokens.getIdsList().stream().mapToInt(id -> id).toArray())
                    .isEqualTo(tiny.tokens(image).ids());
            assertThat(jobs.tokensTold(job)).isEqualTo(tiny.tokens(image).size());
        }
    }

    @Test
    void shouldGiveTheDecoderTheEditsOfTheReference() {
        for (TinyVar.Edit edit : tiny.edits()) {
            // Given
            Job job = job(edit.classId(), 1, edit.cfg(), 1);
            KnownTokens.Builder known = KnownTokens.newBuilder()
                    .setRedrawn(ByteString.copyFrom(edit.redrawn().cells()));
            known.getTokensBuilder()
                    .setRows(4)
                    .setColumns(4)
                    .setCodebookSize(tiny.pictureTokens().codebookSize())
                    .addAllScales(tiny.pictureTokens().scales());
            Arrays.stream(tiny.pictureTokens().ids()).forEach(known.getTokensBuilder()::addIds);
            ImageConditioned.Builder image = image(job, 0).toBuilder().setKnown(known);

            // When
            work.publish(edit.unconditional() ? image.clearConditioning().build() : image.build());

            // Then
            var tokens = decoderQueue.await(jobs, job, 1).getFirst().getTokens();
            assertThat(tokens.getIdsList().stream().mapToInt(id -> id).toArray())
                    .isEqualTo(edit.tokens().ids());
        }
    }

    @Test
    void shouldGiveTheDecoderTheLatentPictureWhereCodesAreBlended() {
        // Given
        TinyVar.SmoothImage smooth = tiny.smoothImages().getFirst();
        SamplingParameters sampling = tiny.smoothSampling();
        Job.Builder job = job(smooth.classId(), 1, sampling.guidanceScale(), sampling.topK()).toBuilder()
                .setSeed(smooth.seed());
        job.getSamplingBuilder().setTopP(sampling.topP()).setMoreSmooth(true);

        // When
        work.publish(image(job.build(), 0));

        // Then
        Drawing drawing =
                TokenMessages.read(decoderQueue.await(jobs, job.build(), 1).getFirst());
        assertThat(drawing.tokens()).isEqualTo(smooth.tokens());
        assertThat(((Drawing.Blended) drawing).latent().values()).containsExactly(smooth.latent(), within(1e-4f));
        assertThat(jobs.tokensTold(job.build())).isEqualTo(smooth.tokens().size());
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersAndWhenDeliveredAgain() {
        // Given
        Job alone = job(3, 1, 4, 0);
        work.publish(image(alone, 0));
        TokensGenerated expected = decoderQueue.await(jobs, alone, 1).getFirst();

        // When
        Job many = job(3, 16, 4, 0);
        Job others = job(5, 16, 0, 20);
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
                .body(containsString("tessera_generation_step_seconds_count{model=\"tiny-var\"}"));
    }

    @Test
    void shouldFailOnlyTheJobWhoseClassTheModelDoesNotHave() {
        // Given
        Job bad = job(10, 1, 4, 0);
        Job good = job(9, 1, 4, 0);

        // When
        work.publish(image(bad, 0));
        work.publish(image(good, 0));

        // Then
        decoderQueue.await(jobs, good, 1);
        jobs.await(bad, JobEvent.EventCase.FAILED);
        assertThat(jobs.of(bad).stream().filter(JobEvent::hasFailed).map(event -> event.getFailed()
                        .getReason()))
                .containsOnly("conditioning_mismatch");
    }

    private static ImageConditioned image(Job job, int index) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setImageIndex(index)
                .setConditioning(Conditioning.newBuilder().setClassId(job.getClassId()))
                .build();
    }

    private Job job(int classId, int images, float cfg, int topK) {
        return Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant("tenant-1")
                .setModel(TinyVarResource.NAME)
                .setModelDigest(bundle.digest())
                .setClassId(classId)
                .setImages(images)
                .setWidth(16)
                .setHeight(16)
                .setSeed(7)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(cfg)
                        .setTemperature(1)
                        .setTopK(topK)
                        .setTopP(1))
                .build();
    }
}
