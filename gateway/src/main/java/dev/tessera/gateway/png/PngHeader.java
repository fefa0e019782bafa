package dev.tessera.gateway.png;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a PNG file says of itself before anything else.
 *
 * @param depth bits of a sample
 */
record PngHeader(int width, int height, int depth, Colour colour) {
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    /** Signature, length, type, content and checksum. */
    static final int END = 8 + 4 + 4 + 13 + 4;

    private static final byte[] TYPE = "IHDR".getBytes(StandardCharsets.ISO_8859_1);

    /** The colour types that there are. */
    enum Colour {
        GREY(0, 1, 1, 2, 4, 8, 16),
        RGB(2, 3, 8, 16),
        PALETTE(3, 1, 1, 2, 4, 8),
        GREY_ALPHA(4, 2, 8, 16),
        RGB_ALPHA(6, 4, 8, 16);

        private final int number;
        private final int samples;
        private final int[] depths;

        Colour(int number, int samples, int... depths) {
            this.number = number;
            this.samples = samples;
            this.depths = depths;
        }

        int samples() {
            return samples;
        }

        boolean hasAlpha() {
            return this == GREY_ALPHA || this == RGB_ALPHA;
        }
    }

    /** @throws PngException when the file is no PNG, or one of a kind that is not read */
    static PngHeader of(byte[] file) {
        FileKind.requirePng(file);
        if (file.length < END) {
            throw new PngException("ends within its header; send the whole file");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file, SIGNATURE.length, END - SIGNATURE.length);
        int length = bytes.getInt();
        byte[] type = new byte[TYPE.length];
        bytes.get(type);
        if (length != 13 || !Arrays.equals(type, TYPE)) {
            throw new PngException("does not begin with a PNG header; write the file anew");
        }
        return of(bytes);
    }

    private static PngHeader of(ByteBuffer bytes) {
        int width = bytes.getInt();
        int height = bytes.getInt();
        int depth = bytes.get();
        Colour colour = colour(bytes.get(), depth);
        if (width < 1 || height < 1 || bytes.get() != 0 || bytes.get() != 0) {
            throw new PngException("has a header that no PNG has; write the file anew");
        }
        if (bytes.get() != 0) {
            throw new PngException("is interlaced; save it without interlacing");
        }
        return new PngHeader(width, height, depth, colour);
    }

    private static Colour colour(int number, int depth) {
        return Arrays.stream(Colour.values())
                .filter(colour -> colour.number == number)
                .filter(colour -> Arrays.stream(colour.depths).anyMatch(allowed -> allowed == depth))
                .findFirst()
                .orElseThrow(() -> new PngException("has a header that no PNG has; write the file anew"));
    }

    /** Bytes of a row without the number of its filter. */
    int rowBytes() {
        return Math.ceilDiv(width * colour.samples() * depth, Byte.SIZE);
    }

    /** How far back the byte lies that a filter calls the one to the left. */
    int filterStep() {
        return Math.max(1, colour.samples() * depth / Byte.SIZE);
    }
}
