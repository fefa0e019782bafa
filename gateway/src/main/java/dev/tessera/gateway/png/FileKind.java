package dev.tessera.gateway.png;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Kinds of files that are sent where a PNG is wanted, by how they begin. */
enum FileKind {
    JPEG("a JPEG file", 0xFF, 0xD8, 0xFF),
    GIF("a GIF file", 'G', 'I', 'F', '8'),
    BMP("a BMP file", 'B', 'M'),
    TIFF_LITTLE("a TIFF file", 'I', 'I', '*', 0),
    TIFF_BIG("a TIFF file", 'M', 'M', 0, '*'),
    PDF("a PDF file", '%', 'P', 'D', 'F'),
    WEBP("a WebP file", 'R', 'I', 'F', 'F');

    private static final int CMYK = 4;

    private final String name;
    private final byte[] beginning;

    FileKind(String name, int... beginning) {
        this.name = name;
        this.beginning = new byte[beginning.length];
        for (int i = 0; i < beginning.length; i++) {
            this.beginning[i] = (byte) beginning[i];
        }
    }

    /** @throws PngException when the file does not begin as a PNG does */
    static void requirePng(byte[] file) {
        if (file.length == 0) {
            throw new PngException("is empty; give a PNG file");
        }
        if (begins(file, PngHeader.SIGNATURE)) {
            return;
        }
        String found = Arrays.stream(values())
                .filter(kind -> begins(file, kind.beginning))
                .findFirst()
                .map(kind -> kind.described(file))
                .orElse("no picture that can be read");
        throw new PngException("is " + found + "; give a PNG file of 8-bit RGB");
    }

    private String described(byte[] file) {
        return this == JPEG && components(file) == CMYK ? "a CMYK JPEG file" : name;
    }

    /** Of a JPEG: how many colours its frame has; 0 where there is none. */
    private static int components(byte[] file) {
        int at = 2;
        while (at + 9 < file.length && file[at] == (byte) 0xFF) {
            int marker = file[at + 1] & 0xFF;
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                return file[at + 9] & 0xFF;
            }
            at += 2 + Short.toUnsignedInt(ByteBuffer.wrap(file).getShort(at + 2));
        }
        return 0;
    }

    private static boolean begins(byte[] file, byte[] with) {
        return file.length >= with.length && Arrays.equals(file, 0, with.length, with, 0, with.length);
    }
}
