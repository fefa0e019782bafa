package dev.tessera.gateway.png;

import static dev.tessera.gateway.png.PngParts.HEIGHT;
import static dev.tessera.gateway.png.PngParts.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tessera.gateway.Pngs;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that cannot be used: what is said of them, and what they cost. */
class PngRefusalsTest {
    static List<Arguments> refused() {
        byte[] good = Pngs.picture(WIDTH, HEIGHT);
        byte[] damaged = good.clone();
        damaged[60] ^= 1;
        int rowBytes = 3 * WIDTH + 1;
        return List.of(
                Arguments.of(new byte[0], "is empty; give a PNG file"),
                Arguments.of(Pngs.jpeg(WIDTH, HEIGHT), "is a JPEG file; give a PNG file of 8-bit RGB"),
                Arguments.of(Pngs.cmykJpeg(), "is a CMYK JPEG file; give a PNG file of 8-bit RGB"),
                Arguments.of(Pngs.gif(WIDTH, HEIGHT), "is a GIF file"),
                Arguments.of(
                        "<svg/>".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        "is no picture that can be read"),
                Arguments.of(Pngs.bomb(50_000, 50_000), "is 50000x50000 pixels; give one of 13x7"),
                Arguments.of(Pngs.bomb(Integer.MAX_VALUE, 1), "is 2147483647x1 pixels; give one of 13x7"),
                Arguments.of(Pngs.bomb(-1, 7), "has a header that no PNG has"),
                Arguments.of(Pngs.picture(7, 13), "is 7x13 pixels"),
                Arguments.of(Arrays.copyOf(good, 20), "ends within its header; send the whole file"),
                Arguments.of(Arrays.copyOf(good, good.length - 1), "is cut off; send the whole file"),
                Arguments.of(Arrays.copyOf(good, good.length / 2), "is cut off; send the whole file"),
                Arguments.of(damaged, "is damaged; send it again"),
                Arguments.of(Pngs.bomb(WIDTH, HEIGHT), "has pixels that cannot be unpacked"),
                Arguments.of(
                        PngParts.file(8, 2, new byte[HEIGHT * rowBytes - 1]), "has fewer pixels than its header says"),
                Arguments.of(
                        PngParts.file(8, 2, new byte[HEIGHT * rowBytes + 1]), "has more pixels than its header says"),
                Arguments.of(PngParts.file(8, 3, new byte[HEIGHT * (WIDTH + 1)]), "has no palette"),
                Arguments.of(PngParts.file(3, 2, new byte[1]), "has a header that no PNG has"),
                Arguments.of(Pngs.with(good, "IHDR", new byte[13]), "has two headers"),
                Arguments.of(Pngs.with(good, "WHAT", new byte[3]), "has a part that is not known here"),
                Arguments.of(Pngs.with(good, "PLTE", new byte[771]), "has a palette of more than 256 colours"),
                Arguments.of(Pngs.animated(WIDTH, HEIGHT), "is animated; give a single picture"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldSayWhatIsWrongAndWhatWouldBeRight(byte[] file, String detail) {
        assertThatExceptionOfType(PngException.class)
                .isThrownBy(() -> PngReader.read(file, WIDTH, HEIGHT))
                .satisfies(e -> assertThat(e.detail()).startsWith(detail));
    }

    @Test
    void shouldRefuseAnInterlacedPicture() {
        // Given: its header, with the checksum made right
        byte[] header = ByteBuffer.allocate(13)
                .putInt(WIDTH)
                .putInt(HEIGHT)
                .put((byte) 8)
                .put((byte) 2)
                .put(12, (byte) 1)
                .array();
        byte[] file = Pngs.joined(Pngs.signature(), Pngs.chunk("IHDR", header));

        // When, Then
        assertThatExceptionOfType(PngException.class)
                .isThrownBy(() -> PngReader.read(file, WIDTH, HEIGHT))
                .satisfies(e -> assertThat(e.detail()).isEqualTo("is interlaced; save it without interlacing"));
    }

    @Test
    void shouldSurviveWhateverBytesAreSent() {
        // Given
        var random = new Random(11);
        byte[] good = Pngs.picture(WIDTH, HEIGHT);

        // When, Then: damaged anywhere, cut anywhere, it is read or refused
        for (int i = 0; i < 5000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(8, good.length + 1));
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(PngReader.read(bad, WIDTH, HEIGHT).pixels()).isEqualTo(WIDTH * HEIGHT);
            } catch (PngException refused) {
                assertThat(refused.detail()).contains("; ");
            }
        }
    }

    @Test
    void shouldNotUnpackMoreThanThePictureNeeds() {
        // Given: a hundred million zeros behind a small header
        byte[] zeros = new byte[100_000_000];
        byte[] file = PngParts.file(8, 2, zeros);

        // When, Then
        assertThat(file.length).isLessThan(200_000);
        assertThatExceptionOfType(PngException.class)
                .isThrownBy(() -> PngReader.read(file, WIDTH, HEIGHT))
                .satisfies(e -> assertThat(e.detail()).startsWith("has more pixels than its header says"));
    }

    @Test
    void shouldTakeNoMemoryForPixelsThatAreNotWanted() {
        // Given: what the header asks for would be ten gigabytes, and what is packed a hundred megabytes
        byte[] header = Pngs.bomb(50_000, 50_000);
        byte[] packed = PngParts.file(8, 2, new byte[100_000_000]);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        refusedOf(header);
        refusedOf(packed);

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        refusedOf(header);
        refusedOf(packed);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(allocated).isLessThan(1_000_000);
    }

    private static void refusedOf(byte[] file) {
        assertThat(catchThrowable(() -> PngReader.read(file, WIDTH, HEIGHT))).isInstanceOf(PngException.class);
    }
}
