package dev.tessera.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.KnownTokens;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureTokensTest {
    private static final Edit EDIT = Edit.newBuilder().setStrength(0.25f).build();

    private final PictureTokens pictures = new PictureTokens(PictureTokensTest::brightness, Manifests.plain());

    /** Of each two by two pixels the first byte. */
    static TokenGrid brightness(ImageSize size, byte[] rgb) {
        int columns = size.width() / 2;
        int[] ids = IntStream.range(0, size.height() / 2 * columns)
                .map(cell -> (cell / columns * 2 * size.width() + cell % columns * 2) * 3)
                .map(at -> rgb[at] & 0xFF)
                .toArray();
        return new TokenGrid(size.height() / 2, columns, 256, ids);
    }

    static EditSource source() {
        byte[] rgb = new byte[24];
        rgb[0] = 7;
        rgb[6] = (byte) 200;
        return EditSource.newBuilder()
                .setWidth(4)
                .setHeight(2)
                .setRgb(ByteString.copyFrom(rgb))
                .build();
    }

    @Test
    void shouldEncodeThePictureAndPassTheStrengthOn() {
        // When
        KnownTokens known = pictures.of(EDIT, source());

        // Then
        assertThat(known.getTokens().getIdsList()).isEqualTo(List.of(7, 200));
        assertThat(known.getTokens().getCodebookSize()).isEqualTo(256);
        assertThat(known.getStrength()).isEqualTo(0.25f);
        assertThat(known.getRedrawn()).isEmpty();
    }

    @Test
    void shouldPassOnHowMuchEachStepMakesAnew() {
        // When
        KnownTokens known = pictures.of(Edit.newBuilder().setResample(0.125f).build(), source());

        // Then
        assertThat(known.getResample()).isEqualTo(0.125f);
        assertThat(known.getStrength()).isZero();
    }

    @Test
    void shouldMakeCellsOfTheMask() {
        // Given: the last pixel of the second row is to be made anew
        EditSource masked = source().toBuilder()
                .setMask(ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}))
                .build();

        // When
        KnownTokens known = pictures.of(EDIT, masked);

        // Then
        assertThat(known.getRedrawn().toByteArray()).containsExactly(0, 1);
        assertThat(known.getStrength()).isZero();
    }

    @Test
    void shouldEncodeAtTheSizeOfTheBaseGridWhatASuperResolutionModelMadeLarger() {
        // Given: 8 x 4 pixels, of which each 2 x 2 are one that the encoder sees
        var larger = new PictureTokens(PictureTokensTest::brightness, Manifests.withSuperResolution());
        byte[] rgb = new byte[8 * 4 * 3];
        rgb[0] = 10;
        rgb[3] = 20;
        rgb[24] = 30;
        rgb[27] = 41;
        byte[] mask = new byte[8 * 4];
        mask[7] = 1;
        EditSource source = EditSource.newBuilder()
                .setWidth(8)
                .setHeight(4)
                .setRgb(ByteString.copyFrom(rgb))
                .build();

        // When
        KnownTokens known = larger.of(EDIT, source);
        KnownTokens masked = larger.of(
                EDIT, source.toBuilder().setMask(ByteString.copyFrom(mask)).build());
        KnownTokens small = larger.of(EDIT, source());

        // Then
        assertThat(known.getTokens().getIdsList()).isEqualTo(List.of(25, 0));
        assertThat(masked.getRedrawn().toByteArray()).containsExactly(0, 1);
        assertThat(small.getTokens().getIdsList()).isEqualTo(List.of(7, 200));
    }

    @Test
    void shouldEncodeAPictureOfAnySizeThatAWindowedModelMakes() {
        // Given: 6 x 4 pixels, of which the last one is to be made anew
        var windowed = new PictureTokens(PictureTokensTest::brightness, Manifests.windowed());
        byte[] rgb = new byte[6 * 4 * 3];
        rgb[4 * 3] = 9;
        byte[] mask = new byte[6 * 4];
        mask[23] = 1;
        EditSource source = EditSource.newBuilder()
                .setWidth(6)
                .setHeight(4)
                .setRgb(ByteString.copyFrom(rgb))
                .setMask(ByteString.copyFrom(mask))
                .build();

        // When
        KnownTokens known = windowed.of(EDIT, source);

        // Then
        assertThat(known.getTokens().getRows()).isEqualTo(2);
        assertThat(known.getTokens().getIdsList()).isEqualTo(List.of(0, 0, 9, 0, 0, 0));
        assertThat(known.getRedrawn().toByteArray()).containsExactly(0, 0, 0, 0, 0, 1);
        refused(windowed, source.toBuilder().setWidth(7).build());
        refused(windowed, source.toBuilder().setHeight(2).build());
    }

    @Test
    void shouldTakeStoredTokensAsTheyAre() {
        // Given
        var stored = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(1)
                .setColumns(2)
                .setCodebookSize(256)
                .addIds(1)
                .addIds(2)
                .build();

        // When
        KnownTokens known =
                pictures.of(EDIT, source().toBuilder().setTokens(stored).build());

        // Then
        assertThat(known.getTokens()).isEqualTo(stored);
    }

    @Test
    void shouldRefusePixelsThatAreNotOfTheModelsSize() {
        refused(source().toBuilder().setWidth(6).setHeight(4).build());
        refused(source().toBuilder().clearWidth().build());
        refused(source().toBuilder().setRgb(ByteString.copyFrom(new byte[23])).build());
        refused(source().toBuilder().setMask(ByteString.copyFrom(new byte[9])).build());
        refused(source().toBuilder()
                .setMask(ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 2}))
                .build());
    }

    private void refused(EditSource source) {
        refused(pictures, source);
    }

    private static void refused(PictureTokens tokens, EditSource source) {
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> tokens.of(EDIT, source))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("malformed_picture"));
    }
}
