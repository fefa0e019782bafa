package dev.tessera.e2e;

import static dev.tessera.e2e.SharedStack.EMOJI;
import static dev.tessera.e2e.SharedStack.MUSE;
import static dev.tessera.e2e.SharedStack.SCENES;
import static dev.tessera.e2e.SharedStack.VAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobRequest;
import dev.tessera.inference.TokenGrid;
import dev.tessera.testmodels.TinyMuse;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Edits through all stages, with a tiny model and the model that ships. */
@ExtendWith(SharedStack.class)
class EditIT {
    private final TinyVar tiny = TinyVar.plain();
    private final GatewayClient gateway;
    private final FinishedJobs jobs;

    EditIT(GatewayClient gateway) {
        this.gateway = gateway;
        this.jobs = new FinishedJobs(gateway);
    }

    @Test
    void shouldPaintInAndOutWithVarAsTheReferenceDoesAndKeepAllOtherPixels() throws Exception {
        BufferedImage picture = picture(16, 16, tiny.picture());
        for (TinyVar.Edit edit : tiny.edits()) {
            // Given: cells of four pixels
            IntPredicate redrawn = pixel -> edit.redrawn().isRedrawn(pixel / 16 / 4 * 4 + pixel % 16 / 4);

            // When
            Job job = jobs.finished(JobRequest.builder()
                    .model(VAR)
                    .classIndex(edit.unconditional() ? null : edit.classId())
                    .image(Pictures.png(picture))
                    .mask(mask(16, redrawn))
                    .seed(1L)
                    .guidanceScale((double) edit.cfg())
                    .temperature(1.0)
                    .topK(1)
                    .topP(1.0)
                    .build());

            // Then
            assertThat(jobs.tokens(job))
                    .isEqualTo(Arrays.stream(edit.tokens().ids()).boxed().toList());
            assertThat(job.json().path("mask_sha256").asText()).hasSize(64);
            assertKept(picture, jobs.image(job), redrawn, 2);
        }
    }

    @Test
    void shouldRollARegionOfAStoredImageAnew() throws Exception {
        // Given
        Job earlier = jobs.finished(drawn("a slice of pizza"));
        BufferedImage before = jobs.image(earlier);
        IntPredicate lowerRight = pixel -> pixel / 64 >= 32 && pixel % 64 >= 32;

        // When
        JobRequest request = from(earlier, "a red heart", mask(64, lowerRight), null);
        Job job = jobs.finished(request);

        // Then
        List<Integer> old = jobs.tokens(earlier);
        List<Integer> fresh = jobs.tokens(job);
        for (int cell = 0; cell < 256; cell++) {
            if (cell / 16 < 8 || cell % 16 < 8) {
                assertThat(fresh.get(cell)).isEqualTo(old.get(cell));
            }
        }
        assertThat(fresh).isNotEqualTo(old);
        assertKept(before, jobs.image(job), lowerRight, 2);
        assertThat(gateway.image(jobs.finished(request).id(), 0)).isEqualTo(gateway.image(job.id(), 0));
    }

    @Test
    void shouldVaryAStoredImageByStrength() throws Exception {
        // Given
        Job earlier = jobs.finished(drawn("a red heart"));

        // When
        Job little = jobs.finished(from(earlier, "a red heart", null, 0.25));
        Job all = jobs.finished(from(earlier, "a red heart", null, 1.0));

        // Then
        assertThat(jobs.tokens(little).subList(0, 192))
                .isEqualTo(jobs.tokens(earlier).subList(0, 192));
        assertThat(jobs.tokens(all).subList(0, 192))
                .isNotEqualTo(jobs.tokens(earlier).subList(0, 192));
    }

    @Test
    void shouldEditAnUploadedPictureWithTheModelThatShips() throws Exception {
        // Given
        Job earlier = jobs.finished(drawn("the sun"));
        BufferedImage before = jobs.image(earlier);
        IntPredicate upperHalf = pixel -> pixel / 64 < 32;

        // When
        Job job = jobs.finished(JobRequest.builder()
                .model(EMOJI)
                .prompt("the sun")
                .image(Pictures.png(before))
                .mask(mask(64, upperHalf))
                .seed(2L)
                .build());

        // Then
        assertKept(before, jobs.image(job), upperHalf, 2);
    }

    @Test
    void shouldEditPicturesLargerThanTheWindowAsTheReferenceDoesAndKeepAllOtherPixels() throws Exception {
        // Given: two pixels to a token, and the labels of the larger image
        TinyTaming scenes = TinyTaming.segmentation();
        TokenGrid grid = scenes.pictureTokens();
        int width = 2 * grid.columns();
        int height = 2 * grid.rows();
        BufferedImage map = Pictures.grey(width, height, scenes.labels(scenes.images() - 1));
        BufferedImage picture = picture(width, height, scenes.picture());
        for (TinyTaming.Edit edit : scenes.edits()) {
            IntPredicate redrawn =
                    pixel -> edit.redrawn().isRedrawn(pixel / width / 2 * grid.columns() + pixel % width / 2);

            // When
            Job job = jobs.finished(JobRequest.builder()
                    .model(SCENES)
                    .condition(Pictures.png(map))
                    .size(width + "x" + height)
                    .image(Pictures.png(picture))
                    .mask(mask(width, height, redrawn))
                    .seed(1L)
                    .topK(1)
                    .build());

            // Then
            assertThat(jobs.tokens(job))
                    .isEqualTo(Arrays.stream(edit.tokens().ids()).boxed().toList());
            assertKept(picture, jobs.image(job), redrawn, 1);
        }
    }

    @Test
    void shouldEditAPictureWithoutAMask() throws Exception {
        // Given: a picture of 4 x 4 base tokens, of which each step draws four anew
        TinyMuse muse = TinyMuse.layered();
        Job earlier = jobs.finished(
                JobRequest.builder().model(MUSE).prompt(muse.prompt(0)).seed(1L).build());
        JobRequest request = JobRequest.builder()
                .model(MUSE)
                .prompt(muse.prompt(0))
                .negativePrompt(muse.negativePrompt(0))
                .from("/v1/jobs/" + earlier.id() + "/images/0")
                .resample(0.25)
                .steps(5)
                .seed(1L)
                .build();

        // When
        Job job = jobs.finished(request);
        Job again = jobs.finished(request);

        // Then
        assertThat(job.tokensTotal()).isEqualTo(5 * 4 + 64);
        assertThat(job.json().path("resample").asDouble()).isEqualTo(0.25);
        assertThat(job.json().path("top_k").asInt()).isEqualTo(3);
        assertThat(jobs.tokens(job)).isNotEqualTo(jobs.tokens(earlier));
        assertThat(gateway.image(job.id(), 0)).isEqualTo(gateway.image(again.id(), 0));
    }

    private static JobRequest drawn(String prompt) {
        return JobRequest.builder().model(EMOJI).prompt(prompt).seed(1L).build();
    }

    private static JobRequest from(Job earlier, String prompt, @Nullable String mask, @Nullable Double strength) {
        return JobRequest.builder()
                .model(EMOJI)
                .prompt(prompt)
                .from("/v1/jobs/" + earlier.id() + "/images/0")
                .mask(mask)
                .strength(strength)
                .seed(7L)
                .temperature(1.0)
                .topK(0)
                .topP(1.0)
                .build();
    }

    /** Every pixel that is farther than the feather from what was redrawn. */
    private static void assertKept(BufferedImage before, BufferedImage after, IntPredicate redrawn, int feather) {
        int width = before.getWidth();
        int kept = 0;
        for (int pixel = 0; pixel < width * before.getHeight(); pixel++) {
            if (!isNear(redrawn, pixel, width, before.getHeight(), feather)) {
                assertThat(after.getRGB(pixel % width, pixel / width))
                        .isEqualTo(before.getRGB(pixel % width, pixel / width));
                kept++;
            }
        }
        assertThat(kept).isPositive();
    }

    private static boolean isNear(IntPredicate redrawn, int pixel, int width, int height, int feather) {
        for (int y = Math.max(0, pixel / width - feather); y <= Math.min(height - 1, pixel / width + feather); y++) {
            for (int x = Math.max(0, pixel % width - feather); x <= Math.min(width - 1, pixel % width + feather); x++) {
                if (redrawn.test(y * width + x) && Math.hypot(x - pixel % width, y - pixel / width) <= feather) {
                    return true;
                }
            }
        }
        return false;
    }

    private static BufferedImage picture(int width, int height, byte[] rgb) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(
                    i % width,
                    i / width,
                    (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF);
        }
        return image;
    }

    private static String mask(int side, IntPredicate redrawn) {
        return mask(side, side, redrawn);
    }

    private static String mask(int width, int height, IntPredicate redrawn) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, redrawn.test(i) ? 0 : 0xFF000000);
        }
        return Pictures.png(image);
    }
}
