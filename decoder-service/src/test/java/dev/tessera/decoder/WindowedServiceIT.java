package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.TokenGrid;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny VQGAN + GPT model that it fetches from the bucket when it starts. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = BucketTamingResource.class, restrictToAnnotatedClass = true)
class WindowedServiceIT extends DecoderServiceFixture {
    private final TinyTaming tiny = TinyTaming.classes();

    @Test
    void shouldLeaveThePicturesOfTheReferenceInEverySize() throws IOException {
        for (int index = 0; index < tiny.images(); index++) {
            // Given
            Job job = classJob();
            TokenGrid tokens = tiny.tokens(index);

            // When
            work.publish(generated(job, tokens));

            // Then
            jobs.await(job, JobEvent.EventCase.IMAGE_STORED);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    store.get("acme/" + job.getId() + "/0.png").orElseThrow()));
            assertThat(image.getWidth()).isEqualTo(4 * tokens.columns());
            assertThat(image.getHeight()).isEqualTo(4 * tokens.rows());
            assertThat(RedChannel.of(image)).containsExactly(RedChannel.of(tiny.pixels(index)), Offset.offset(1f));
            String json = new String(
                    store.get("acme/" + job.getId() + "/0.tokens.json").orElseThrow(), StandardCharsets.UTF_8);
            assertThat(json).startsWith("{\"grid\":[" + tokens.rows() + "," + tokens.columns() + "],\"codebook\":64,");
        }
    }

    @Test
    void shouldFailTheJobForGoodWhenTheModelMakesNoSuchGrid() {
        // Given
        Job job = classJob();

        // When
        work.publish(generated(job, new TokenGrid(3, 4, 64, new int[12])));

        // Then
        assertThat(jobs.await(job, JobEvent.EventCase.FAILED).getFailed().getReason())
                .isEqualTo("grid_mismatch");
    }

    private static TokensGenerated generated(Job job, TokenGrid tokens) {
        var message = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(tokens.rows())
                .setColumns(tokens.columns())
                .setCodebookSize(tokens.codebookSize());
        Arrays.stream(tokens.ids()).forEach(message::addIds);
        return TokensGenerated.newBuilder().setJob(job).setTokens(message).build();
    }

    private Job classJob() {
        return job().setClassId(3).build();
    }
}
