package dev.tessera.e2e;

import static dev.tessera.e2e.SharedStack.EMOJI;
import static dev.tessera.e2e.SharedStack.MUSE;
import static dev.tessera.e2e.SharedStack.SCENES;
import static dev.tessera.e2e.SharedStack.VAR;
import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobRequest;
import dev.tessera.testmodels.TinyMuse;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Edits, super-resolution and condition maps through all stages, with tiny models and the model that ships. */
@ExtendWith(SharedStack.class)
class EditIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    private final TinyVar tiny = TinyVar.plain();
    private final GatewayClient gateway;

    EditIT(GatewayClient gateway) {
        this.gateway = gateway;
    }

    @Test
    void shouldPaintInAndOutWithVarAsTheReferenceDoesAndKeepAllOtherPixels() throws Exception {
        BufferedImage picture = picture(16, 16, tiny.picture());
        for (TinyVar.Edit edit : tiny.edits()) {
            // Given: cells of four pixels
            IntPredicate redrawn = pixel -> edit.redrawn().isRedrawn(pixel / 16 / 4 * 4 + pixel % 16 / 4);
            Integer classId = edit.unconditional() ? null : edit.classId();

            // When
            Job job = finished(new JobRequest(
                    VAR,
                    null,
                    classId,
                    null,
                    null,
                    base64(picture),
                    null,
                    mask(16, redrawn),
                    null,
                    null,
                    1,
                    null,
                    1L,
                    (double) edit.cfg(),
                    1.0,
                    1,
                    1.0,
                    null,
                    null));

            // Then
            assertThat(tokens(job))
                    .isEqualTo(Arrays.stream(edit.tokens().ids()).boxed().toList());
            assertThat(job.json().path("mask_sha256").asText()).hasSize(64);
            assertKept(picture, image(job), redrawn, 2);
        }
    }

    @Test
    void shouldRollARegionOfAStoredImageAnew() throws Exception {
        // Given
        Job earlier =
                finished(new JobRequest(EMOJI, "a slice of pizza", null, null, 1, null, 1L, null, null, null, null));
        BufferedImage before = image(earlier);
        IntPredicate lowerRight = pixel -> pixel / 64 >= 32 && pixel % 64 >= 32;

        // When
        JobRequest request = from(earlier, "a red heart", mask(64, lowerRight), null);
        Job job = finished(request);

        // Then
        List<Integer> old = tokens(earlier);
        List<Integer> fresh = tokens(job);
        for (int cell = 0; cell < 256; cell++) {
            if (cell / 16 < 8 || cell % 16 < 8) {
                assertThat(fresh.get(cell)).isEqualTo(old.get(cell));
            }
        }
        assertThat(fresh).isNotEqualTo(old);
        assertKept(before, image(job), lowerRight, 2);
        assertThat(gateway.image(finished(request).id(), 0)).isEqualTo(gateway.image(job.id(), 0));
    }

    @Test
    void shouldVaryAStoredImageByStrength() throws Exception {
        // Given
        Job earlier = finished(new JobRequest(EMOJI, "a red heart", null, null, 1, null, 1L, null, null, null, null));

        // When
        Job little = finished(from(earlier, "a red heart", null, 0.25));
        Job all = finished(from(earlier, "a red heart", null, 1.0));

        // Then
        assertThat(tokens(little).subList(0, 192)).isEqualTo(tokens(earlier).subList(0, 192));
        assertThat(tokens(all).subList(0, 192)).isNotEqualTo(tokens(earlier).subList(0, 192));
    }

    @Test
    void shouldEditAnUploadedPictureWithTheModelThatShips() throws Exception {
        // Given
        Job earlier = finished(new JobRequest(EMOJI, "the sun", null, null, 1, null, 1L, null, null, null, null));
        BufferedImage before = image(earlier);
        IntPredicate upperHalf = pixel -> pixel / 64 < 32;

        // When
        Job job = finished(new JobRequest(
                EMOJI,
                "the sun",
                null,
                null,
                null,
                base64(before),
                null,
                mask(64, upperHalf),
                null,
                null,
                1,
                null,
                2L,
                null,
                null,
                null,
                null,
                null,
                null));

        // Then
        assertKept(before, image(job), upperHalf, 2);
    }

    @Test
    void shouldMakeTheFinerTokensOfTheReferenceInTwoStages() throws Exception {
        // Given: the likeliest tokens of both grids
        TinyMuse muse = TinyMuse.layered();

        // When
        Job job = finished(new JobRequest(
                MUSE,
                muse.prompt(0),
                null,
                muse.negativePrompt(0),
                null,
                null,
                null,
                null,
                null,
                null,
                1,
                null,
                1L,
                (double) muse.guidance(),
                null,
                1,
                null,
                null,
                null));

        // Then
        assertThat(tokens(job))
                .isEqualTo(Arrays.stream(muse.tokens(0).ids()).boxed().toList());
        assertThat(job.tokensTotal()).isEqualTo(16 + 64);
    }

    @Test
    void shouldOnlyUpscaleAPictureThatIsGiven() throws Exception {
        // Given
        var size = gateway.upscaledSize(Optional.of(MUSE));
        var picture = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        picture.setRGB(1, 2, 0x00FF00);
        JobRequest larger = new JobRequest(
                MUSE,
                null,
                null,
                null,
                null,
                base64(picture),
                null,
                null,
                null,
                true,
                1,
                null,
                1L,
                null,
                null,
                null,
                null,
                null,
                null);

        // When
        Job job = finished(larger);
        Job again = finished(larger);

        // Then
        assertThat(job.tokensTotal()).isEqualTo(64);
        assertThat(tokens(job)).hasSize(64).isEqualTo(tokens(again));
        assertThat(gateway.image(job.id(), 0)).isEqualTo(gateway.image(again.id(), 0));
    }

    @Test
    void shouldFollowAMapOfLabelsAsTheReferenceDoes() throws Exception {
        // Given: two pixels to a token
        TinyTaming scenes = TinyTaming.segmentation();
        int width = 2 * scenes.mapOf(0).columns();
        int height = 2 * scenes.mapOf(0).rows();
        BufferedImage map = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] labels = scenes.labels(0);
        for (int pixel = 0; pixel < labels.length; pixel++) {
            map.getRaster().setSample(pixel % width, pixel / width, 0, labels[pixel]);
        }

        // When
        Job job = finished(new JobRequest(
                SCENES,
                null,
                null,
                null,
                base64(map),
                null,
                null,
                null,
                null,
                null,
                1,
                width + "x" + height,
                1L,
                null,
                null,
                1,
                null,
                null,
                null));

        // Then
        assertThat(tokens(job))
                .isEqualTo(Arrays.stream(scenes.tokens(0).ids()).boxed().toList());
    }

    private static JobRequest from(Job earlier, String prompt, String mask, Double strength) {
        String url = "/v1/jobs/" + earlier.id() + "/images/0";
        return new JobRequest(
                EMOJI, prompt, null, null, null, null, url, mask, strength, null, 1, null, 7L, null, 1.0, 0, 1.0, null,
                null);
    }

    private Job finished(JobRequest request) {
        Job job = gateway.submit(request, UUID.randomUUID().toString());
        eventually(LONG, () -> assertThat(gateway.job(job.id()).isFinished()).isTrue());
        Job end = gateway.job(job.id());
        assertThat(end.failure()).isEmpty();
        assertThat(end.status()).isEqualTo("succeeded");
        return end;
    }

    private BufferedImage image(Job job) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(gateway.image(job.id(), 0)));
    }

    private List<Integer> tokens(Job job) throws IOException, InterruptedException {
        URI url = gateway.base().resolve("v1/jobs/" + job.id() + "/images/0/tokens");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            JsonNode tokens = new ObjectMapper().readTree(body).path("tokens");
            return StreamSupport.stream(tokens.spliterator(), false)
                    .map(JsonNode::intValue)
                    .toList();
        }
    }

    /** Every pixel that is farther than the feather from what was redrawn. */
    private static void assertKept(BufferedImage before, BufferedImage after, IntPredicate redrawn, int feather) {
        int side = before.getWidth();
        int kept = 0;
        for (int pixel = 0; pixel < side * side; pixel++) {
            if (!isNear(redrawn, pixel, side, feather)) {
                assertThat(after.getRGB(pixel % side, pixel / side))
                        .isEqualTo(before.getRGB(pixel % side, pixel / side));
                kept++;
            }
        }
        assertThat(kept).isPositive();
    }

    private static boolean isNear(IntPredicate redrawn, int pixel, int side, int feather) {
        for (int y = Math.max(0, pixel / side - feather); y <= Math.min(side - 1, pixel / side + feather); y++) {
            for (int x = Math.max(0, pixel % side - feather); x <= Math.min(side - 1, pixel % side + feather); x++) {
                if (redrawn.test(y * side + x) && Math.hypot(x - pixel % side, y - pixel / side) <= feather) {
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
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, redrawn.test(i) ? 0 : 0xFF000000);
        }
        return base64(image);
    }

    private static String base64(BufferedImage image) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }
}
