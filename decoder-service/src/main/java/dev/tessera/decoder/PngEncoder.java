package dev.tessera.decoder;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes PNG files of 8-bit RGB (W3C PNG, third edition). The bytes depend on the picture and the texts alone: no time,
 * no platform's default, one compression level.
 */
public final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int LEVEL = 6;
    private static final byte BIT_DEPTH = 8;
    private static final byte TRUECOLOUR = 2;

    private PngEncoder() {}

    /**
     * Encodes a picture.
     *
     * @param texts keyword (Latin-1, 1 to 79 bytes) to text, each written as an iTXt chunk in the order of the map
     */
    public static byte[] encode(Picture picture, Map<String, String> texts) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        writeChunk(png, "IHDR", header(picture));
        writeChunk(png, "sRGB", new byte[] {0});
        texts.forEach((keyword, text) -> writeChunk(png, "iTXt", internationalText(keyword, text)));
        writeChunk(png, "IDAT", deflate(PngFilter.filter(picture)));
        writeChunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] header(Picture picture) {
        return ByteBuffer.allocate(13)
                .putInt(picture.width())
                .putInt(picture.height())
                .put(BIT_DEPTH)
                .put(TRUECOLOUR)
                .array();
    }

    /** Keyword, no compression, neither language tag nor translated keyword, text in UTF-8. */
    private static byte[] internationalText(String keyword, String text) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        content.writeBytes(new byte[5]);
        content.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return content.toByteArray();
    }

    private static byte[] deflate(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(LEVEL);
                DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater)) {
            out.write(content);
            out.finish();
            return compressed.toByteArray();
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException("writing to memory does not fail", impossible);
        }
    }

    private static void writeChunk(ByteArrayOutputStream png, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        png.writeBytes(bigEndian(content.length));
        png.writeBytes(name);
        png.writeBytes(content);
        png.writeBytes(bigEndian((int) checksum.getValue()));
    }

    private static byte[] bigEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
