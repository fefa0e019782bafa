package dev.tessera.gateway.png;

import dev.tessera.gateway.png.PngHeader.Colour;
import java.util.Arrays;

/** Reads a PNG file of a size that is known beforehand. Colour profiles and gamma are not looked at. */
public final class PngReader {
    private static final int OPAQUE = 0xFF;

    private final PngHeader header;
    private final PngChunks chunks;
    private final byte[] rgb;
    private final byte[] alpha;

    private PngReader(PngHeader header, PngChunks chunks) {
        this.header = header;
        this.chunks = chunks;
        this.rgb = new byte[header.width() * header.height() * Pixels.COLOURS];
        this.alpha = new byte[header.width() * header.height()];
    }

    /**
     * The pixels of a file.
     *
     * @param width that the picture must have; like the height at most some thousand
     * @throws PngException when it has another size, or cannot be used otherwise
     */
    public static Pixels read(byte[] file, int width, int height) {
        PngHeader header = PngHeader.of(file);
        if (header.width() != width || header.height() != height) {
            throw new PngException(
                    "is " + header.width() + "x" + header.height() + " pixels; give one of " + width + "x" + height);
        }
        return new PngReader(header, PngChunks.of(file)).read();
    }

    private Pixels read() {
        if (header.colour() == Colour.PALETTE && chunks.palette().length == 0) {
            throw new PngException("has no palette for its colours; write the file anew");
        }
        try (var rows = new PngRows(header, chunks.data())) {
            for (int y = 0; y < header.height(); y++) {
                byte[] row = rows.next();
                for (int x = 0; x < header.width(); x++) {
                    pixel(y * header.width() + x, row, x * header.colour().samples());
                }
            }
            rows.requireEnd();
        }
        boolean transparent = header.colour().hasAlpha() || chunks.hasTransparency();
        return new Pixels(header.width(), header.height(), transparent, rgb, alpha);
    }

    /** @param first of its samples in the row */
    private void pixel(int pixel, byte[] row, int first) {
        switch (header.colour()) {
            case GREY -> put(pixel, grey(row, first), grey(row, first), grey(row, first), keyed(row, first));
            case RGB -> put(pixel, high(row, first), high(row, first + 1), high(row, first + 2), keyed(row, first));
            case PALETTE -> coloured(pixel, sample(row, first));
            case GREY_ALPHA -> put(pixel, high(row, first), high(row, first), high(row, first), high(row, first + 1));
            case RGB_ALPHA ->
                put(pixel, high(row, first), high(row, first + 1), high(row, first + 2), high(row, first + 3));
        }
    }

    private void put(int pixel, int red, int green, int blue, int opacity) {
        rgb[Pixels.COLOURS * pixel] = (byte) red;
        rgb[Pixels.COLOURS * pixel + 1] = (byte) green;
        rgb[Pixels.COLOURS * pixel + 2] = (byte) blue;
        alpha[pixel] = (byte) opacity;
    }

    private void coloured(int pixel, int index) {
        byte[] palette = chunks.palette();
        int at = Pixels.COLOURS * index;
        if (at + 2 >= palette.length) {
            throw new PngException("has a colour that is not in its palette; write the file anew");
        }
        byte[] opacities = chunks.transparency();
        put(pixel, palette[at], palette[at + 1], palette[at + 2], index < opacities.length ? opacities[index] : OPAQUE);
    }

    /** A sample of fewer bits spread over eight. */
    private int grey(byte[] row, int index) {
        int depth = header.depth();
        return depth < 8 ? sample(row, index) * 255 / ((1 << depth) - 1) : high(row, index);
    }

    /** The most significant eight bits. */
    private int high(byte[] row, int index) {
        return row[index * header.depth() / 8] & 0xFF;
    }

    private int sample(byte[] row, int index) {
        int depth = header.depth();
        if (depth == 16) {
            return (row[2 * index] & 0xFF) << 8 | row[2 * index + 1] & 0xFF;
        }
        int bit = index * depth;
        return (row[bit / 8] & 0xFF) >> 8 - depth - bit % 8 & (1 << depth) - 1;
    }

    /** Opaque unless it has the one colour that is transparent. */
    private int keyed(byte[] row, int first) {
        byte[] key = chunks.transparency();
        int samples = header.colour().samples();
        if (key.length != 2 * samples) {
            return OPAQUE;
        }
        int[] wanted = new int[samples];
        int[] found = new int[samples];
        for (int i = 0; i < samples; i++) {
            wanted[i] = (key[2 * i] & 0xFF) << 8 | key[2 * i + 1] & 0xFF;
            found[i] = sample(row, first + i);
        }
        return Arrays.equals(wanted, found) ? 0 : OPAQUE;
    }
}
