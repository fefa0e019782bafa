package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import dev.tessera.v1.Unmasking;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ImagePainterTest {
    private static final Drawing TOKENS = new Drawing.OfTokens(new TokenGrid(1, 2, 256, new int[] {3, 200}));

    private final ImagePainter painter = new ImagePainter(new GreyDecoder());

    @Test
    void shouldCarryTheRequestsParametersWithTheRequestsNames() throws IOException {
        // When
        byte[] png = painter.paint(Jobs.job().setNegativePrompt("blur").build(), 2, TOKENS);

        // Then
        assertThat(PngTexts.read(png))
                .containsEntry("Software", "Tessera")
                .containsEntry(
                        "parameters",
                        "{\"model\":\"squares\",\"model_digest\":\"" + Jobs.DIGEST
                                + "\",\"prompt\":\"a \\\"red\\\" heart \u2764\",\"negative_prompt\":\"blur\","
                                + "\"seed\":18446744073709551615,\"image_index\":2,\"size\":\"6x4\","
                                + "\"guidance_scale\":7.5,\"temperature\":1.0,\"top_k\":1000,\"top_p\":0.9}");
    }

    @Test
    void shouldNameTheClassWhereThereIsNoPrompt() throws IOException {
        // When
        byte[] png = painter.paint(Jobs.job().setClassId(207).build(), 0, TOKENS);

        // Then
        String parameters = PngTexts.read(png).get("parameters");
        assertThat(new ObjectMapper().readTree(parameters).get("class").asInt()).isEqualTo(207);
        assertThat(parameters).doesNotContain("prompt");
    }

    @Test
    void shouldCarryTheStepsOfAMaskedModel() throws IOException {
        // Given
        var unmasking = Unmasking.newBuilder().setSteps(12).setSchedule(Unmasking.Schedule.COSINE);

        // When
        byte[] png = painter.paint(Jobs.job().setUnmasking(unmasking).build(), 0, TOKENS);

        // Then
        assertThat(PngTexts.read(png).get("parameters")).endsWith("\"steps\":12,\"schedule\":\"cosine\"}");
    }

    @Test
    void shouldSayThatCodesWereBlended() throws IOException {
        // Given
        Job.Builder job = Jobs.job();
        job.getSamplingBuilder().setMoreSmooth(true);

        // When
        byte[] png = painter.paint(job.build(), 0, TOKENS);

        // Then
        assertThat(PngTexts.read(png).get("parameters")).endsWith("\"top_p\":0.9,\"more_smooth\":true}");
    }

    @Test
    void shouldTellAnEditByWhatItWasMadeOfAndNotByWhereThatWas() throws IOException {
        // Given
        Edit masked = Edit.newBuilder()
                .setSource("claims/2026-01-01/job-1/1")
                .setFrom("/v1/jobs/j/images/0")
                .setImageSha256("aa")
                .setMaskSha256("bb")
                .build();
        Edit varied = Edit.newBuilder().setImageSha256("aa").setStrength(0.5f).build();

        // When
        String ofMasked = parameters(masked);
        String ofVaried = parameters(varied);

        // Then
        assertThat(ofMasked)
                .contains("\"image_sha256\":\"aa\",\"mask_sha256\":\"bb\",")
                .doesNotContain("strength", "jobs");
        assertThat(ofVaried)
                .contains("\"image_sha256\":\"aa\",\"strength\":0.5,")
                .doesNotContain("mask");
    }

    private String parameters(Edit edit) throws IOException {
        EditSource source = EditSource.newBuilder().setWidth(2).setHeight(1).build();
        return PngTexts.read(painter.paint(Jobs.job().setEdit(edit).build(), 0, TOKENS, source))
                .get("parameters");
    }

    @Test
    void shouldNotTellJobsOfOneRequestApart() {
        // Given
        Job other = Jobs.job()
                .setId("job-2")
                .setTenant("tenant-2")
                .setImages(9)
                .setCreatedAt(JobEvents.timestamp(Instant.EPOCH))
                .setDeadline(JobEvents.timestamp(Instant.EPOCH))
                .build();

        // When
        byte[] first = painter.paint(Jobs.job().build(), 1, TOKENS);
        byte[] second = painter.paint(other, 1, TOKENS);

        // Then
        assertThat(second).isEqualTo(first);
    }
}
