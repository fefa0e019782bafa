package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.EditSource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Edits that begin with an image of an earlier job. */
class StoredImageFieldsTest extends EditFixture {
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
}
