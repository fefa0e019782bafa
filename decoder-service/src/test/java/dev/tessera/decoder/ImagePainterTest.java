package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.TokenGrid;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.Job;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ImagePainterTest {
    private static final TokenGrid TOKENS = new TokenGrid(1, 2, 256, new int[] {3, 200});

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
