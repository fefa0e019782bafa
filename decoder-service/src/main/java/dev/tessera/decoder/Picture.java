package dev.tessera.decoder;

import java.util.Arrays;

/** Pixels of 8-bit red, green and blue, row-major from the top left. Immutable. */
public final class Picture {
    static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * @param rgb height × width × 3 bytes
     * @throws IllegalArgumentException when the bytes do not fill the picture
     */
    public Picture(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || (long) width * height * CHANNELS != rgb.length) {
            throw new IllegalArgumentException(rgb.length + " bytes do not fill " + width + " x " + height + " pixels");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb.clone();
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The three bytes of each pixel of a row; a copy. */
    public byte[] row(int y) {
        return Arrays.copyOfRange(rgb, y * stride(), (y + 1) * stride());
    }

    /** Bytes of a row. */
    int stride() {
        return width * CHANNELS;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture picture && width == picture.width && Arrays.equals(rgb, picture.rgb);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "Picture[" + width + " x " + height + "]";
    }
}
