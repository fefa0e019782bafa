package dev.tessera.gateway.png;

/** A picture of 8-bit colours and opacities, row-major from the top left. */
public final class Pixels {
    static final int COLOURS = 3;

    private final int width;
    private final int height;
    private final boolean transparent;
    private final byte[] rgb;
    private final byte[] alpha;

    /**
     * Takes the arrays over.
     *
     * @param transparent whether the file says anything of opacity
     */
    Pixels(int width, int height, boolean transparent, byte[] rgb, byte[] alpha) {
        this.width = width;
        this.height = height;
        this.transparent = transparent;
        this.rgb = rgb;
        this.alpha = alpha;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Whether the file has an alpha channel, or colours that are transparent. */
    public boolean hasAlpha() {
        return transparent;
    }

    /** Red, green and blue of each pixel; a copy. */
    public byte[] rgb() {
        return rgb.clone();
    }

    public int pixels() {
        return alpha.length;
    }

    /** 0 for a pixel that cannot be seen to 255 for one that hides everything. */
    public int alpha(int pixel) {
        return alpha[pixel] & 0xFF;
    }
}
