package dev.tessera.gateway;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Picture files as clients send them, written by the platform's own writer, and broken ones. */
public final class Pngs {
    private Pngs() {}

    /** Of random colours, without alpha. */
    public static byte[] picture(int width, int height) {
        return file("png", filled(width, height, BufferedImage.TYPE_INT_RGB));
    }

    /** Opaque but for a block in the middle. */
    public static byte[] mask(int width, int height) {
        BufferedImage image = filled(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = height / 4; y < height / 2; y++) {
            for (int x = width / 4; x < width / 2; x++) {
                image.setRGB(x, y, 0x00FFFFFF);
            }
        }
        return file("png", image);
    }

    /** With an alpha channel, but opaque all over. */
    public static byte[] opaque(int width, int height) {
        return file("png", filled(width, height, BufferedImage.TYPE_INT_ARGB));
    }

    public static byte[] jpeg(int width, int height) {
        return file("jpg", filled(width, height, BufferedImage.TYPE_INT_RGB));
    }

    public static byte[] gif(int width, int height) {
        return file("gif", filled(width, height, BufferedImage.TYPE_BYTE_INDEXED));
    }

    /** A JPEG's beginning, with a frame of four colours. */
    public static byte[] cmykJpeg() {
        return new byte[] {
            (byte) 0xFF,
            (byte) 0xD8,
            (byte) 0xFF,
            (byte) 0xC0,
            0,
            20,
            8,
            0,
            48,
            0,
            64,
            4,
            1,
            17,
            0,
            2,
            17,
            0,
            3,
            17,
            0,
            4,
            17,
            0
        };
    }

    /** A header of any size, and nothing that keeps what it promises. */
    public static byte[] bomb(int width, int height) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) 8)
                .put((byte) 6)
                .array();
        return joined(signature(), chunk("IHDR", header), chunk("IDAT", new byte[20]), chunk("IEND", new byte[0]));
    }

    /** The picture with a chunk after its header. */
    public static byte[] with(byte[] png, String type, byte[] content) {
        int header = 8 + 25;
        return joined(Arrays.copyOf(png, header), chunk(type, content), Arrays.copyOfRange(png, header, png.length));
    }

    /** As an animation begins. */
    public static byte[] animated(int width, int height) {
        return with(picture(width, height), "acTL", new byte[] {0, 0, 0, 2, 0, 0, 0, 0});
    }

    public static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
    }

    public static byte[] signature() {
        return new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    }

    public static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) checksum.getValue())
                .array();
    }

    public static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    public static BufferedImage filled(int width, int height, int type) {
        var image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, new Color(x * 37 & 0xFF, y * 53 & 0xFF, x * y & 0xFF).getRGB());
            }
        }
        return image;
    }

    public static byte[] file(String format, BufferedImage image) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
