package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.Edit;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Pictures that are only to be upscaled. */
class UpscaleFieldsTest extends EditFixture {
    private static final String UPSCALE = "{\"model\":\"tiny-upscaled\",\"upscale\":true";

    @Test
    void shouldTakeAPictureOfTheBaseSizeThatIsOnlyToBeUpscaled() {
        // Given
        String picture = Pngs.base64(Pngs.picture(64, 64));

        // When
        JobRequest request = parse(UPSCALE + ",\"image\":\"" + picture + "\",\"seed\":3}");

        // Then
        var edit = (EditRequest.OfPicture) request.edit();
        var job = request.toJob("j", Tenant.DEFAULT, Instant.EPOCH, Instant.EPOCH);
        assertThat(edit.source().getWidth()).isEqualTo(64);
        assertThat(edit.source().getRgb().size()).isEqualTo(64 * 64 * 3);
        assertThat(edit.edit())
                .isEqualTo(Edit.newBuilder()
                        .setImageSha256(Sha256.hex(Pngs.picture(64, 64)))
                        .build());
        assertThat(job.getUpscale()).isTrue();
        assertThat(job.getPrompt()).isEmpty();
        assertThat(job.getWidth()).isEqualTo(128);
        assertThat(job.getSampling().getGuidanceScale()).isEqualTo(3);
        assertThat(job.getSampling().getTemperature()).isEqualTo(1);
        assertThat(job.getUnmasking().getSteps()).isEqualTo(8);
    }

    @Test
    void shouldUpscaleAStoredPictureOfAnotherModelThatHasTheSize() {
        // Given
        store("another", Pngs.picture(64, 64), tokens(1024));

        // When
        var edit = (EditRequest.OfPicture)
                parse(UPSCALE + ",\"prompt\":\"a\",\"from\":\"" + URL + "\"}").edit();

        // Then
        assertThat(edit.source().hasTokens()).isFalse();
        assertThat(edit.source().getRgb().byteAt(3)).isEqualTo((byte) 37);
        assertThat(edit.edit().getFrom()).isEqualTo(URL);
    }

    @Test
    void shouldSayWhatCannotBeUpscaled() {
        // Given
        store("another", Pngs.picture(64, 48), tokens(1024));

        // When, Then
        refused(UPSCALE + "}", "/upscale", "needs a picture of 64x64; give it as image, or as from");
        refused(UPSCALE + ",\"from\":\"" + URL + "\"}", "/from", "is 64x48 pixels; give one of 64x64");
        refused(UPSCALE + ",\"strength\":0.5}", "/strength", "is not for a request with upscale");
        refused("{\"prompt\":\"a\",\"upscale\":true}", "/upscale", "is not for tiny-text, which has no");
        refused("{\"prompt\":\"a\",\"upscale\":1}", "/upscale", "is 1; give true or false");
    }
}
