package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Images that are made from a picture of the user. */
class DecodedEditsTest extends DecoderWorkerFixture {
    @Test
    void shouldPasteWhatAnEditKeepsOverWhatWasDrawn() throws IOException {
        // Given: six grey pixels, of which the first is to be made anew
        EditSource source = EditSource.newBuilder()
                .setWidth(3)
                .setHeight(2)
                .setRgb(ByteString.copyFrom(
                        new byte[] {50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67}))
                .setMask(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0}))
                .build();
        Job edit = edit(sources.deposit("job-1", source));

        // When
        decode(edit, 1);

        // Then
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(stored(PNG)));
        assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0x010101);
        assertThat(image.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x353637);
        assertThat(image.getRGB(2, 1) & 0xFFFFFF).isEqualTo(0x414243);
    }

    @Test
    void shouldDropAnImageOfAnEditThatHasEndedAndTakenItsPictureAlong() {
        // Given
        store.putIfAbsent("tenant-1/job-1/job.json", new byte[0], "application/json", Map.of());

        // When
        decode(edit("claims/2026-01-01/job-1/gone"), 1);

        // Then
        assertThat(store.names()).doesNotContain(PNG);
        assertThat(events.all).isEmpty();
    }

    private static Job edit(String source) {
        return Jobs.job().setEdit(Edit.newBuilder().setSource(source)).build();
    }
}
