package dev.tessera.e2e;

import static dev.tessera.e2e.SharedStack.MUSE;
import static dev.tessera.e2e.SharedStack.SCENES;
import static dev.tessera.e2e.SharedStack.VAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobRequest;
import dev.tessera.testmodels.TinyMuse;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Super-resolution, blended codes and condition maps through all stages, with tiny models. */
@ExtendWith(SharedStack.class)
class FamiliesIT {
    private final GatewayClient gateway;
    private final FinishedJobs jobs;

    FamiliesIT(GatewayClient gateway) {
        this.gateway = gateway;
        this.jobs = new FinishedJobs(gateway);
    }

    @Test
    void shouldMakeTheFinerTokensOfTheReferenceInTwoStages() throws Exception {
        // Given: the likeliest tokens of both grids
        TinyMuse muse = TinyMuse.layered();

        // When
        Job job = jobs.finished(JobRequest.builder()
                .model(MUSE)
                .prompt(muse.prompt(0))
                .negativePrompt(muse.negativePrompt(0))
                .seed(1L)
                .guidanceScale((double) muse.guidance())
                .topK(1)
                .build());

        // Then
        assertThat(jobs.tokens(job))
                .isEqualTo(Arrays.stream(muse.tokens(0).ids()).boxed().toList());
        assertThat(job.tokensTotal()).isEqualTo(16 + 64);
    }

    @Test
    void shouldOnlyUpscaleAPictureThatIsGiven() throws Exception {
        // Given
        var size = gateway.upscaledSize(Optional.of(MUSE));
        var picture = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        picture.setRGB(1, 2, 0x00FF00);
        JobRequest larger = JobRequest.builder()
                .model(MUSE)
                .image(Pictures.png(picture))
                .upscale(true)
                .seed(1L)
                .build();

        // When
        Job job = jobs.finished(larger);
        Job again = jobs.finished(larger);

        // Then
        assertThat(job.tokensTotal()).isEqualTo(64);
        assertThat(jobs.tokens(job)).hasSize(64).isEqualTo(jobs.tokens(again));
        assertThat(gateway.image(job.id(), 0)).isEqualTo(gateway.image(again.id(), 0));
    }

    @Test
    void shouldDecodeTheBlendedPictureOfTheReference() throws Exception {
        // Given
        TinyVar var = TinyVar.plain();
        TinyVar.SmoothImage smooth = var.smoothImages().getFirst();
        JobRequest.Builder drawn = JobRequest.builder()
                .model(VAR)
                .classIndex(smooth.classId())
                .seed(smooth.seed())
                .guidanceScale((double) var.smoothSampling().guidanceScale())
                .topK(var.smoothSampling().topK())
                .topP((double) var.smoothSampling().topP());

        // When
        Job other = jobs.finished(drawn.build());
        Job job = jobs.finished(drawn.moreSmooth(true).build());
        Job again = jobs.finished(drawn.moreSmooth(true).build());

        // Then: at most one step of 256 beside the reference's pixels
        assertThat(jobs.tokens(job))
                .isEqualTo(Arrays.stream(smooth.tokens().ids()).boxed().toList());
        assertThat(job.json().path("more_smooth").asBoolean()).isTrue();
        assertNear(jobs.image(job), smooth.pixels());
        assertThat(gateway.image(job.id(), 0))
                .isEqualTo(gateway.image(again.id(), 0))
                .isNotEqualTo(gateway.image(other.id(), 0));
    }

    private static void assertNear(BufferedImage image, float[] pixels) {
        int area = image.getWidth() * image.getHeight();
        for (int i = 0; i < area; i++) {
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            for (int channel = 0; channel < 3; channel++) {
                float expected = Math.clamp(127.5f * pixels[channel * area + i] + 128, 0, 255);
                assertThat((float) (rgb >> 16 - 8 * channel & 0xFF)).isCloseTo(expected, within(1.1f));
            }
        }
    }

    @Test
    void shouldFollowAMapOfLabelsAsTheReferenceDoes() throws Exception {
        // Given: two pixels to a token
        TinyTaming scenes = TinyTaming.segmentation();
        int width = 2 * scenes.mapOf(0).columns();
        int height = 2 * scenes.mapOf(0).rows();
        BufferedImage map = Pictures.grey(width, height, scenes.labels(0));

        // When
        Job job = jobs.finished(JobRequest.builder()
                .model(SCENES)
                .condition(Pictures.png(map))
                .size(width + "x" + height)
                .seed(1L)
                .topK(1)
                .build());

        // Then
        assertThat(jobs.tokens(job))
                .isEqualTo(Arrays.stream(scenes.tokens(0).ids()).boxed().toList());
    }
}
