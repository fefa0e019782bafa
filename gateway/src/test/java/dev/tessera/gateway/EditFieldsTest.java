package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What requests may begin with: tiny-text has an image encoder and pictures of 64 x 48, tiny-class has none. */
class EditFieldsTest {
    private static final String JOB = "019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1";
    private static final String URL = "/v1/jobs/" + JOB + "/images/0";
    private static final String PICTURE = Pngs.base64(Pngs.picture(64, 48));
    private static final String MASK = Pngs.base64(Pngs.mask(64, 48));

    private static final String UPSCALE = "{\"model\":\"tiny-upscaled\",\"upscale\":true";

    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Models models = new Models(
            List.of(TestModels.TEXT, TestModels.CLASS, TestModels.NEXT_SCALE, TestModels.UPSCALED, TestModels.WINDOWED),
            Optional.of("tiny-text"));
    private final JobRequestParser parser = new JobRequestParser(models, 16, 4000, TestModels.edits(bucket));

    private JobRequest parse(String body) {
        return parser.parse(Tenant.DEFAULT, body.getBytes(StandardCharsets.UTF_8), () -> 1);
    }

    private EditRequest.OfPicture edit(String body) {
        return (EditRequest.OfPicture) parse(body).edit();
    }

    /** An image of 3 x 4 tokens in the bucket, made by a model of that digest. */
    private void store(String digest, byte[] png, String tokens) {
        String record = "{\"id\":\"" + JOB + "\",\"status\":\"succeeded\",\"model_digest\":\"" + digest
                + "\",\"images\":[{\"index\":0,\"status\":\"stored\",\"sha256\":\"ab\"}]}";
        put("job.json", record.getBytes(StandardCharsets.UTF_8));
        put("0.png", png);
        put("0.tokens.json", tokens.getBytes(StandardCharsets.UTF_8));
    }

    private void put(String name, byte[] content) {
        bucket.putIfAbsent("default/" + JOB + "/" + name, content, "", Map.of());
    }

    private static String tokens(int codebook) {
        return "{\"grid\":[3,4],\"codebook\":" + codebook + ",\"tokens\":[0,1,2,3,4,5,6,7,8,9,10,11]}";
    }

    @Test
    void shouldReadAPictureAndItsMask() {
        // When
        EditRequest.OfPicture read = edit("{\"prompt\":\"a\",\"image\":\"" + PICTURE + "\",\"mask\":\"" + MASK + "\"}");

        // Then
        EditSource source = read.source();
        assertThat(source.getWidth()).isEqualTo(64);
        assertThat(source.getHeight()).isEqualTo(48);
        assertThat(source.getRgb().size()).isEqualTo(64 * 48 * 3);
        assertThat(source.getRgb().byteAt(3)).isEqualTo((byte) 37);
        assertThat(source.getMask().byteAt(12 * 64 + 16)).isEqualTo((byte) 1);
        assertThat(source.getMask().byteAt(0)).isZero();
        assertThat(source.hasTokens()).isFalse();
        assertThat(read.edit())
                .isEqualTo(Edit.newBuilder()
                        .setImageSha256(Sha256.hex(Pngs.picture(64, 48)))
                        .setMaskSha256(Sha256.hex(Pngs.mask(64, 48)))
                        .build());
    }

    @Test
    void shouldVaryByHalfWhereNothingElseIsSaid() {
        // When
        EditRequest.OfPicture read = edit("{\"prompt\":\"a\",\"image\":\"data:image/png;base64," + PICTURE + "\"}");

        // Then
        assertThat(read.source().getMask()).isEmpty();
        assertThat(read.edit().getStrength()).isEqualTo(0.5f);
    }

    @Test
    void shouldTakeAStoredImageWithItsTokens() {
        // Given
        store("d2", Pngs.picture(64, 48), tokens(1024));

        // When
        EditRequest.OfPicture read =
                edit("{\"model\":\"tiny-class\",\"class\":1,\"from\":\"" + URL + "\",\"strength\":0.25}");

        // Then
        assertThat(read.source().getTokens().getIdsList()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(read.source().getRgb().size()).isEqualTo(64 * 48 * 3);
        assertThat(read.edit().getFrom()).isEqualTo(URL);
        assertThat(read.edit().getImageSha256()).isEqualTo("ab");
        assertThat(read.edit().getStrength()).isEqualTo(0.25f);
    }

    @Test
    void shouldLetAnEditOfANextScaleModelGoWithoutAClass() {
        // Given
        bucket.putIfAbsent("x", new byte[0], "", Map.of());

        // When
        GatewayException refused = refusal("{\"model\":\"tiny-scales\",\"from\":\"" + URL + "\"}");

        // Then: nothing is said of the class
        assertThat(refused.errors()).extracting(FieldError::pointer).containsExactly("/from");
    }

    @Test
    void shouldReadAPictureAndAMaskOfAnySizeThatAWindowedModelMakes() {
        // Given
        String picture = Pngs.base64(Pngs.picture(96, 64));
        String mask = Pngs.base64(Pngs.mask(96, 64));

        // When
        EditSource source = edit("{\"model\":\"tiny-windows\",\"class\":1,\"size\":\"96x64\",\"image\":\"" + picture
                        + "\",\"mask\":\"" + mask + "\"}")
                .source();

        // Then
        assertThat(source.getWidth()).isEqualTo(96);
        assertThat(source.getHeight()).isEqualTo(64);
        assertThat(source.getRgb().size()).isEqualTo(96 * 64 * 3);
        assertThat(source.getMask().size()).isEqualTo(96 * 64);
        refused(
                "{\"model\":\"tiny-windows\",\"class\":1,\"image\":\"" + picture + "\"}",
                "/image",
                "is 96x64 pixels; give one of 64x64");
    }

    @Test
    void shouldTakeAStoredImageOfTheSizeThatIsAskedOfAWindowedModel() {
        // Given: 4 x 6 tokens
        String ids = IntStream.range(0, 24).mapToObj(Integer::toString).collect(Collectors.joining(","));
        store("d4", Pngs.picture(96, 64), "{\"grid\":[4,6],\"codebook\":1024,\"tokens\":[" + ids + "]}");
        String body = "{\"model\":\"tiny-windows\",\"class\":1,\"from\":\"" + URL + "\"";

        // When
        EditSource source = edit(body + ",\"size\":\"96x64\"}").source();

        // Then
        assertThat(source.getTokens().getColumns()).isEqualTo(6);
        assertThat(source.getWidth()).isEqualTo(96);
        refused(body + "}", "/from", "has a grid of tokens that is not of tiny-windows at 64x64; give another, or as");
    }

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

    static List<Arguments> badFiles() {
        return List.of(
                Arguments.of(Pngs.bomb(50_000, 50_000), "is 50000x50000 pixels; give one of 64x48"),
                Arguments.of(Pngs.picture(48, 64), "is 48x64 pixels; give one of 64x48"),
                Arguments.of(Pngs.jpeg(64, 48), "is a JPEG file"),
                Arguments.of(Pngs.cmykJpeg(), "is a CMYK JPEG file"),
                Arguments.of(Pngs.animated(64, 48), "is animated"),
                Arguments.of(java.util.Arrays.copyOf(Pngs.picture(64, 48), 100), "is cut off"),
                Arguments.of(new byte[100_001], "has more than 100000 bytes"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void shouldNameThePictureThatCannotBeUsed(byte[] file, String detail) {
        String bad = Pngs.base64(file);
        refused("{\"prompt\":\"a\",\"image\":\"" + bad + "\"}", "/image", detail);
        refused("{\"prompt\":\"a\",\"image\":\"" + PICTURE + "\",\"mask\":\"" + bad + "\"}", "/mask", detail);
    }

    static List<Arguments> badRequests() {
        String picture = "\"prompt\":\"a\",\"image\":\"" + PICTURE + "\"";
        String noAlpha = Pngs.base64(Pngs.picture(64, 48));
        String opaque = Pngs.base64(Pngs.opaque(64, 48));
        return List.of(
                Arguments.of("{" + picture + ",\"mask\":\"" + noAlpha + "\"}", "/mask", "has no alpha channel"),
                Arguments.of("{" + picture + ",\"mask\":\"" + opaque + "\"}", "/mask", "has no pixel of alpha 0"),
                Arguments.of("{\"prompt\":\"a\",\"image\":\"" + MASK + "\"}", "/image", "has transparent pixels"),
                Arguments.of("{\"prompt\":\"a\",\"image\":\"*\"}", "/image", "is not base64"),
                Arguments.of("{\"prompt\":\"a\",\"image\":7}", "/image", "is 7; give text"),
                Arguments.of("{\"prompt\":\"a\",\"mask\":\"" + MASK + "\"}", "/mask", "needs a picture"),
                Arguments.of("{\"prompt\":\"a\",\"strength\":0.5}", "/strength", "needs a picture"),
                Arguments.of("{" + picture + ",\"strength\":0}", "/strength", "is 0; give a number above 0 up to 1"),
                Arguments.of(
                        "{" + picture + ",\"strength\":0.5,\"mask\":\"" + MASK + "\"}",
                        "/strength",
                        "is not for a request with a mask"),
                Arguments.of(
                        "{\"prompt\":\"a\",\"from\":\"" + URL + "\"}",
                        "/from",
                        "is an image that this tenant does not"),
                Arguments.of("{\"prompt\":\"a\",\"from\":\"../../x\"}", "/from", "is not the URL of an image"),
                Arguments.of(
                        "{\"model\":\"tiny-class\",\"class\":1,\"image\":\"" + PICTURE + "\"}",
                        "/image",
                        "is not for tiny-class, which has no image encoder"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void shouldSayWhatDoesNotGoTogether(String body, String pointer, String detail) {
        refused(body, pointer, detail);
    }

    @Test
    void shouldRefuseAPictureAndAStoredImageTogether() {
        refused(
                "{\"prompt\":\"a\",\"image\":\"" + PICTURE + "\",\"from\":\"" + URL + "\"}",
                "/from",
                "is not for a request with an image");
    }

    @Test
    void shouldRefuseTokensOfAnotherCodebook() {
        // Given
        store("another", Pngs.picture(64, 48), tokens(1024));

        // When, Then
        refused("{\"prompt\":\"a\",\"from\":\"" + URL + "\"}", "/from", "was made with the codebook of another model");
    }

    @Test
    void shouldRefuseTokensThatAreNotOfTheModelsGrid() {
        // Given
        store("d1", Pngs.picture(64, 48), tokens(1023));

        // When, Then
        refused(
                "{\"prompt\":\"a\",\"from\":\"" + URL + "\"}",
                "/from",
                "has a grid of tokens that is not of tiny-text");
    }

    @Test
    void shouldRefuseAnImageThatWasNotStoredWhole() {
        // Given
        store("d1", "no png".getBytes(StandardCharsets.UTF_8), tokens(1024));

        // When, Then
        refused("{\"prompt\":\"a\",\"from\":\"" + URL + "\"}", "/from", "was not stored whole");
    }

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

    @Test
    void shouldEditAModelWithSuperResolutionByThePictureAndNotByItsFinerTokens() {
        // Given
        String ids = IntStream.range(0, 64).mapToObj(Integer::toString).collect(Collectors.joining(","));
        store("d5", Pngs.picture(128, 128), "{\"grid\":[8,8],\"codebook\":512,\"tokens\":[" + ids + "]}");

        // When
        var edit = (EditRequest.OfPicture)
                parse("{\"model\":\"tiny-upscaled\",\"prompt\":\"a\",\"from\":\"" + URL + "\",\"strength\":0.25}")
                        .edit();

        // Then
        assertThat(edit.source().hasTokens()).isFalse();
        assertThat(edit.source().getWidth()).isEqualTo(128);
        assertThat(edit.edit().getStrength()).isEqualTo(0.25f);
    }

    private void refused(String body, String pointer, String detail) {
        assertThat(refusal(body).errors())
                .anySatisfy(error -> {
                    assertThat(error.pointer()).isEqualTo(pointer);
                    assertThat(error.detail()).startsWith(detail);
                })
                .allSatisfy(error -> assertThat(error.detail()).doesNotContain(PICTURE.substring(0, 50)));
    }

    private GatewayException refusal(String body) {
        return catchThrowableOfType(GatewayException.class, () -> parse(body));
    }
}
