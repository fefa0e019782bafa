package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Edits that bring a picture along, and perhaps its mask. */
class EditFieldsTest extends EditFixture {
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
}
