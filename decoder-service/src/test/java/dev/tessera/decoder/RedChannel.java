package dev.tessera.decoder;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/** The red of every pixel, row by row: what a made picture has, and what a reference's pixels come to. */
final class RedChannel {
    private RedChannel() {}

    static float[] of(BufferedImage image) {
        float[] red = new float[image.getWidth() * image.getHeight()];
        for (int i = 0; i < red.length; i++) {
            red[i] = image.getRGB(i % image.getWidth(), i / image.getWidth()) >> 16 & 0xFF;
        }
        return red;
    }

    /** @param pixels [3, height, width] of -1 to 1 */
    static float[] of(float[] pixels) {
        float[] red = Arrays.copyOf(pixels, pixels.length / 3);
        for (int i = 0; i < red.length; i++) {
            red[i] = Math.clamp(127.5f * (red[i] + 1), 0, 255);
        }
        return red;
    }
}
