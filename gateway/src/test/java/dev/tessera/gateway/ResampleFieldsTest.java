package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edits without a mask, by drawing some cells anew in each step. */
class ResampleFieldsTest extends EditFixture {
    @Test
    void shouldReadAPictureToBeEditedWithoutAMask() {
        // Given
        String picture = Pngs.base64(Pngs.picture(128, 128));
        String body =
                "{\"model\":\"tiny-upscaled\",\"prompt\":\"a\",\"negative_prompt\":\"b\",\"image\":\"" + picture + "\"";

        // When
        JobRequest request = parse(body + ",\"resample\":0.25}");

        // Then: the defaults are Muse's; of 16 cells 4 are drawn in each of 100 steps
        var job = request.toJob("j", Tenant.DEFAULT, Instant.EPOCH, Instant.EPOCH);
        assertThat(job.getEdit().getResample()).isEqualTo(0.25f);
        assertThat(job.getEdit().getStrength()).isZero();
        assertThat(job.getUpscale()).isFalse();
        assertThat(job.getSampling().getGuidanceScale()).isEqualTo(4);
        assertThat(job.getSampling().getTopK()).isEqualTo(3);
        assertThat(job.getUnmasking().getSteps()).isEqualTo(100);
        assertThat(TestModels.UPSCALED.tokensPerImage(job)).isEqualTo(400 + 64);
        assertThat(JobDocument.of(JobView.accepted(job, 1))
                        .body()
                        .path("resample")
                        .asDouble())
                .isEqualTo(0.25);
        assertThat(JobDocument.of(JobView.accepted(job, 1)).body().has("schedule"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"resample\":0 | /resample | is 0; give a number above 0 up to 1",
                "\"resample\":0.1,\"strength\":0.5 | /strength | is not for a request with resample; leave it out. Fields are [model, prompt, negative_prompt, image, from, resample, n, size, seed, guidance_scale, top_k, top_p, steps]",
                "\"resample\":0.1,\"mask\":\"x\" | /mask | is not for a request with resample",
                "\"resample\":0.1,\"temperature\":1 | /temperature | is not for a request with resample",
                "\"resample\":0.1,\"schedule\":\"cosine\" | /schedule | is not for a request with resample",
                "\"resample\":0.1,\"upscale\":true | /resample | is not for a request with upscale",
            })
    void shouldSayWhatIsNotForEditingWithoutAMask(String fields, String pointer, String detail) {
        refused(
                "{\"model\":\"tiny-upscaled\",\"prompt\":\"a\",\"image\":\"" + PICTURE + "\"," + fields + "}",
                pointer,
                detail);
        refused("{\"prompt\":\"a\",\"from\":\"" + URL + "\",\"resample\":0.1}", "/resample", "is not for this model");
    }
}
