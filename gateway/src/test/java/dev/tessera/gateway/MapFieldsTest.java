package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MapKind;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Maps of 64 x 64 and other pixels: depths, and labels from 0 to 4. */
class MapFieldsTest {
    private static final Model LABELS =
            TestModels.mapped("tiny-labels", new MapConditioning(MapKind.SEGMENTATION, 5, 16));

    private final Models models = new Models(List.of(TestModels.MAPPED, LABELS), Optional.of("tiny-maps"));
    private final JobRequestParser parser = new JobRequestParser(models, 16, 4000, TestModels.EDITS);

    @Test
    void shouldReadTheDepthOfEachPixel() {
        // Given
        byte[] png = Pngs.file("png", grey(64, 64, 200));

        // When
        JobRequest request = parse("{\"condition\":\"" + Pngs.base64(png) + "\"}");

        // Then
        var map = (JobRequest.OfMap) request.condition();
        assertThat(map.map().getWidth()).isEqualTo(64);
        assertThat(map.map().getValues()).hasSize(64 * 64);
        assertThat(map.map().getValues().byteAt(9)).isEqualTo((byte) 200);
        assertThat(request.toJob("j", Tenant.DEFAULT, Instant.EPOCH, Instant.EPOCH)
                        .getConditionMap()
                        .getSha256())
                .isEqualTo(Sha256.hex(png));
    }

    @Test
    void shouldTakeAMapOfThePicturesOwnSize() {
        // When
        JobRequest request = parse("{\"model\":\"tiny-labels\",\"size\":\"96x64\",\"condition\":\""
                + Pngs.base64(Pngs.file("png", grey(96, 64, 4))) + "\"}");

        // Then
        assertThat(((JobRequest.OfMap) request.condition()).map().getWidth()).isEqualTo(96);
    }

    @Test
    void shouldSayWhatIsNoMapOfTheModel() {
        refused("{}", "is missing; give a grey PNG of 8 bits in which each pixel is its depth");
        refused(
                "{\"model\":\"tiny-labels\",\"condition\":\"" + Pngs.base64(Pngs.file("png", grey(64, 64, 5))) + "\"}",
                "has a pixel of the label 5; give a grey PNG of 8 bits in which each pixel is its label, from 0 to 4");
        refused(
                "{\"condition\":\"" + Pngs.base64(Pngs.picture(64, 64)) + "\"}",
                "has a pixel that is not grey and opaque");
        refused(
                "{\"size\":\"96x64\",\"condition\":\"" + Pngs.base64(Pngs.file("png", grey(64, 64, 1))) + "\"}",
                "is 64x64 pixels; give one of 96x64");
    }

    private void refused(String body, String detail) {
        assertThat(catchThrowableOfType(GatewayException.class, () -> parse(body))
                        .errors())
                .singleElement()
                .satisfies(error -> assertThat(error.pointer()).isEqualTo("/condition"))
                .satisfies(error -> assertThat(error.detail()).startsWith(detail));
    }

    private JobRequest parse(String body) {
        return parser.parse(Tenant.DEFAULT, body.getBytes(StandardCharsets.UTF_8), () -> 1);
    }

    private static BufferedImage grey(int width, int height, int value) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < width * height; i++) {
            image.getRaster().setSample(i % width, i / width, 0, value);
        }
        return image;
    }
}
