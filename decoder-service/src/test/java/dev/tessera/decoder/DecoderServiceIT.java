package dev.tessera.decoder;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyLlamaGen;
import dev.tessera.testmodels.TinyModelResource;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TokenGrid;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyModelResource.class, restrictToAnnotatedClass = true)
class DecoderServiceIT extends DecoderServiceFixture {
    @Test
    void shouldLeaveThePictureAndItsTokensInTheBucket() throws IOException {
        // Given
        Job job = job().build();

        // When
        work.publish(tokens(job, 1));

        // Then
        JobEvent stored = jobs.await(job, JobEvent.EventCase.IMAGE_STORED);
        String name = "acme/" + job.getId() + "/1.png";
        byte[] png = store.get(name).orElseThrow();
        assertThat(stored.getImageStored().getObject()).isEqualTo(name);
        assertThat(stored.getImageStored().getImageIndex()).isEqualTo(1);
        assertThat(stored.getImageStored().getBytes()).isEqualTo(png.length);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(bundle.manifest().image().width());
        assertThat(image.getHeight()).isEqualTo(bundle.manifest().image().height());
        assertThat(PngTexts.read(png).get("parameters")).contains("a cat", bundle.digest());
        assertThat(store.get("acme/" + job.getId() + "/1.tokens.json")).isPresent();
        assertThat(jobs.kinds(job)).contains(JobEvent.EventCase.DECODING_STARTED);
    }

    @Test
    void shouldGiveTwoJobsOfOneRequestTheSameBytes() {
        // Given
        Job first = job().build();
        Job second = job().build();

        // When
        work.publish(tokens(first, 0));
        work.publish(tokens(second, 0));

        // Then
        String sha256 = jobs.await(first, JobEvent.EventCase.IMAGE_STORED)
                .getImageStored()
                .getSha256();
        assertThat(jobs.await(second, JobEvent.EventCase.IMAGE_STORED)
                        .getImageStored()
                        .getSha256())
                .isEqualTo(sha256);
    }

    @Test
    void shouldLeaveTheFirstResultWhenWorkIsRepeated() {
        // Given
        Job job = job().build();
        work.publish(tokens(job, 0));
        JobEvent first = jobs.await(job, JobEvent.EventCase.IMAGE_STORED);

        // When
        work.publish(tokens(job.toBuilder().setSeed(99).build(), 0));

        // Then
        eventually(() -> assertThat(jobs.of(job))
                .filteredOn(JobEvent::hasImageStored)
                .extracting(DecoderServiceIT::stored)
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly(stored(first)));
    }

    /** What is in the bucket, however long it took. */
    private static ImageStored stored(JobEvent event) {
        return event.getImageStored().toBuilder().clearEngineTime().build();
    }

    @Test
    void shouldFailTheJobForGoodWhenTheTokensAreNotTheModels() {
        // Given
        Job job = job().build();
        TokensGenerated foreign = TokensGenerated.newBuilder()
                .setJob(job)
                .setTokens(TokenGrid.newBuilder()
                        .setRows(1)
                        .setColumns(1)
                        .setCodebookSize(2)
                        .addIds(1))
                .build();

        // When
        work.publish(foreign);

        // Then
        JobEvent failed = jobs.await(job, JobEvent.EventCase.FAILED);
        assertThat(failed.getFailed().getReason()).isEqualTo("grid_mismatch");
        assertThat(failed.getFailed().getStage()).isEqualTo("decoder");
    }

    @Test
    void shouldTellThatItIsReadyAndHowLongItDecoded() {
        // Given
        Job job = job().build();
        work.publish(tokens(job, 0));
        jobs.await(job, JobEvent.EventCase.IMAGE_STORED);

        // When, Then
        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("tessera_image_decoding_seconds_count{model=\"tiny\"}"));
    }

    @Override
    Job.Builder job() {
        return super.job().setPrompt("a cat");
    }

    private TokensGenerated tokens(Job job, int imageIndex) {
        JsonNode ids = TinyLlamaGen.text().facts().get("tokens").get(1);
        return TokensGenerated.newBuilder()
                .setJob(job)
                .setImageIndex(imageIndex)
                .setTokens(TokenGrid.newBuilder()
                        .setRows(bundle.manifest().grid().rows())
                        .setColumns(bundle.manifest().grid().columns())
                        .setCodebookSize(bundle.manifest().codebook().size())
                        .addAllIds(IntStream.range(0, ids.size())
                                .mapToObj(i -> ids.get(i).intValue())
                                .toList()))
                .build();
    }
}
