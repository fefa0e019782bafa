package dev.tessera.gateway.png;

import dev.tessera.gateway.Pngs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;

/** Files of {@value #WIDTH} x {@value #HEIGHT} pixels, made of any header and any filtered rows. */
final class PngParts {
    static final int WIDTH = 13;
    static final int HEIGHT = 7;

    private PngParts() {}

    static byte[] file(int depth, int colourType, byte[] filtered) {
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
}
