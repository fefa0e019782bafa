package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyVar;
import dev.tessera.testmodels.TinyVarResource;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny VAR model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyVarResource.class, restrictToAnnotatedClass = true)
class NextScaleServiceIT extends DecoderServiceFixture {
    private final TinyVar tiny = TinyVar.plain();

    @Inject
    JobPictures sources;

    @Test
    void shouldLeaveThePictureOfTheReferenceAndTheTokensOfAllScales() throws IOException {
        // Given
        Job job = classJob();
        TokenGrid tokens = tiny.tokens(1);

        // When
        work.publish(generated(job, tokens, tokens.scales()));

        // Then
        jobs.await(job, JobEvent.EventCase.IMAGE_STORED);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                store.get("acme/" + job.getId() + "/0.png").orElseThrow()));
        assertThat(RedChannel.of(image)).containsExactly(RedChannel.of(tiny.pixels(1)), Offset.offset(1f));
        String json =
                new String(store.get("acme/" + job.getId() + "/0.tokens.json").orElseThrow(), StandardCharsets.UTF_8);
        assertThat(json).startsWith("{\"grid\":[4,4],\"scales\":[1,2,3,4],\"codebook\":64,\"tokens\":[");
    }

    @Test
    void shouldLeaveThePictureOfTheReferenceOfALatentPicture() throws IOException {
        // Given
        Job.Builder job = classJob().toBuilder();
        job.getSamplingBuilder().setMoreSmooth(true);
        TinyVar.SmoothImage image = tiny.smoothImages().getFirst();
        var latent = new LatentPicture(image.latent().length / 16, 4, image.latent());

        // When
        work.publish(TokenMessages.generated(job.build(), 0, new Drawing.Blended(image.tokens(), latent)));

        // Then
        jobs.await(job.build(), JobEvent.EventCase.IMAGE_STORED);
        BufferedImage stored = ImageIO.read(new ByteArrayInputStream(
                store.get("acme/" + job.getId() + "/0.png").orElseThrow()));
        assertThat(RedChannel.of(stored)).containsExactly(RedChannel.of(image.pixels()), Offset.offset(1f));
        assertThat(store.get("acme/" + job.getId() + "/0.tokens.json")).isPresent();
    }

    @Test
    void shouldLeaveEveryPixelOfAnEditOutsideTheMaskAndItsFeatherAsItWas() throws IOException {
        // Given: the upper left quarter of 16 x 16 pixels; half a cell is 2 pixels
        byte[] mask = new byte[256];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (i / 16 < 8 && i % 16 < 8 ? 1 : 0);
        }
        EditSource source = EditSource.newBuilder()
                .setWidth(16)
                .setHeight(16)
                .setRgb(ByteString.copyFrom(tiny.picture()))
                .setMask(ByteString.copyFrom(mask))
                .build();
        Job plain = classJob();
        Job edit = plain.toBuilder()
                .setEdit(Edit.newBuilder().setSource(sources.deposit(plain.getId(), source)))
                .build();
        TokenGrid tokens = tiny.tokens(1);

        // When
        work.publish(generated(edit, tokens, tokens.scales()));

        // Then
        jobs.await(edit, JobEvent.EventCase.IMAGE_STORED);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                store.get("acme/" + edit.getId() + "/0.png").orElseThrow()));
        float[] drawn = RedChannel.of(tiny.pixels(1));
        float[] red = RedChannel.of(image);
        for (int i = 0; i < mask.length; i++) {
            int down = Math.max(0, i / 16 - 7);
            int right = Math.max(0, i % 16 - 7);
            if (mask[i] == 1) {
                assertThat(red[i]).isCloseTo(drawn[i], Offset.offset(1f));
            } else if (Math.hypot(down, right) > 2) {
                assertThat(red[i]).isEqualTo(tiny.picture()[3 * i] & 0xFF);
            }
        }
    }

    @Test
    void shouldFailTheJobForGoodWhenTheTokensDoNotFillTheScales() {
        // Given
        Job job = classJob();

        // When
        work.publish(generated(job, tiny.tokens(1), List.of(1, 2, 3, 5)));

        // Then
        assertThat(jobs.await(job, JobEvent.EventCase.FAILED).getFailed().getReason())
                .isEqualTo("malformed_tokens");
    }

    private static TokensGenerated generated(Job job, TokenGrid tokens, List<Integer> scales) {
        var message = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(tokens.rows())
                .setColumns(tokens.columns())
                .setCodebookSize(tokens.codebookSize())
                .addAllScales(scales);
        Arrays.stream(tokens.ids()).forEach(message::addIds);
        return TokensGenerated.newBuilder().setJob(job).setTokens(message).build();
    }

    private Job classJob() {
        return job().setClassId(3).build();
    }
}
