package dev.tessera.gateway.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tessera.gateway.Pngs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngReaderTest {
    private static final int WIDTH = 13;
    private static final int HEIGHT = 7;

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_BINARY
            })
    void shouldReadWhatAnotherWriterWrote(int type) {
        // Given
        BufferedImage image = Pngs.filled(WIDTH, HEIGHT, type);
        if (type == BufferedImage.TYPE_INT_ARGB) {
            image.setRGB(2, 1, 0x40102030);
        }

        // When
        Pixels pixels = PngReader.read(Pngs.file("png", image), WIDTH, HEIGHT);

        // Then
        byte[] rgb = pixels.rgb();
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int argb = image.getRGB(i % WIDTH, i / WIDTH);
            assertThat(pixels.alpha(i)).isEqualTo(argb >>> 24);
            assertThat((rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF)
                    .isEqualTo(argb & 0xFFFFFF);
        }
        assertThat(pixels.hasAlpha()).isEqualTo(type == BufferedImage.TYPE_INT_ARGB);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "4, 0", "8, 0", "16, 0", "8, 4", "16, 4", "16, 2", "16, 6"})
    void shouldReadEveryDepth(int depth, int colourType) {
        // Given: samples of all kinds, and every filter
        int samples = List.of(1, 0, 3, 1, 2, 0, 4).get(colourType);
        int rowBytes = Math.ceilDiv(WIDTH * samples * depth, 8);
        byte[] rows = new byte[HEIGHT * rowBytes];
        new Random(depth).nextBytes(rows);

        // When
        Pixels pixels =
                PngReader.read(png(depth, colourType, filtered(rows, rowBytes, samples * depth)), WIDTH, HEIGHT);

        // Then
        byte[] rgb = pixels.rgb();
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int[] expected = new int[samples];
            for (int sample = 0; sample < samples; sample++) {
                expected[sample] = eightBits(rows, i / WIDTH * rowBytes, (i % WIDTH * samples + sample) * depth, depth);
            }
            assertThat(rgb[3 * i] & 0xFF).isEqualTo(expected[0]);
            assertThat(rgb[3 * i + 2] & 0xFF).isEqualTo(samples < 3 ? expected[0] : expected[2]);
            assertThat(pixels.alpha(i)).isEqualTo(samples % 2 == 0 ? expected[samples - 1] : 255);
        }
    }

    /** A sample as eight bits, found bit by bit. */
    private static int eightBits(byte[] rows, int row, int bit, int depth) {
        int value = 0;
        for (int i = bit; i < bit + depth; i++) {
            value = value << 1 | rows[row + i / 8] >> 7 - i % 8 & 1;
        }
        return depth == 16 ? value >> 8 : value * 255 / ((1 << depth) - 1);
    }

    /** Each row with another of the five filters. */
    private static byte[] filtered(byte[] rows, int rowBytes, int bitsPerPixel) {
        int step = Math.max(1, bitsPerPixel / 8);
        byte[] filtered = new byte[HEIGHT * (rowBytes + 1)];
        for (int y = 0; y < HEIGHT; y++) {
            filtered[y * (rowBytes + 1)] = (byte) (y % 5);
            for (int i = 0; i < rowBytes; i++) {
                int left = i < step ? 0 : rows[y * rowBytes + i - step] & 0xFF;
                int up = y == 0 ? 0 : rows[(y - 1) * rowBytes + i] & 0xFF;
                int corner = i < step || y == 0 ? 0 : rows[(y - 1) * rowBytes + i - step] & 0xFF;
                int predicted = List.of(0, left, up, (left + up) / 2, nearest(left, up, corner))
                        .get(y % 5);
                filtered[y * (rowBytes + 1) + 1 + i] = (byte) (rows[y * rowBytes + i] - predicted);
            }
        }
        return filtered;
    }

    private static int nearest(int left, int up, int corner) {
        int estimate = left + up - corner;
        int best = left;
        for (int candidate : new int[] {up, corner}) {
            best = Math.abs(estimate - candidate) < Math.abs(estimate - best) ? candidate : best;
        }
        return best;
    }

    private static byte[] png(int depth, int colourType, byte[] filtered) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(WIDTH)
                .putInt(HEIGHT)
                .put((byte) depth)
                .put((byte) colourType)
                .array();
        byte[] data = deflated(filtered);
        byte[] first = Arrays.copyOf(data, 5);
        byte[] second = Arrays.copyOfRange(data, 5, data.length);
        return Pngs.joined(
                Pngs.signature(),
                Pngs.chunk("IHDR", header),
                Pngs.chunk("tIME", new byte[7]),
                Pngs.chunk("IDAT", first),
                Pngs.chunk("IDAT", second),
                Pngs.chunk("IEND", new byte[0]));
    }

    private static byte[] deflated(byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(content);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Test
    void shouldTakeTheTransparentColourForAlpha() {
        // Given: a grey of eight bits, in which 5 is transparent
        byte[] rows = new byte[HEIGHT * (WIDTH + 1)];
        rows[1] = 5;
        byte[] key = {0, 5};
        byte[] file = Pngs.with(png(8, 0, rows), "tRNS", key);

        // When
        Pixels pixels = PngReader.read(file, WIDTH, HEIGHT);

        // Then
        assertThat(pixels.hasAlpha()).isTrue();
        assertThat(pixels.alpha(0)).isZero();
        assertThat(pixels.alpha(1)).isEqualTo(255);
    }

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
                Arguments.of(png(8, 2, new byte[HEIGHT * rowBytes - 1]), "has fewer pixels than its header says"),
                Arguments.of(png(8, 2, new byte[HEIGHT * rowBytes + 1]), "has more pixels than its header says"),
                Arguments.of(png(8, 3, new byte[HEIGHT * (WIDTH + 1)]), "has no palette"),
                Arguments.of(png(3, 2, new byte[1]), "has a header that no PNG has"),
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
        byte[] file = png(8, 2, zeros);

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
        byte[] packed = png(8, 2, new byte[100_000_000]);
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
