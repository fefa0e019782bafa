package dev.tessera.tokenizer;

import dev.tessera.inference.bundle.ImageSize;

/** A picture at a fraction of its size: each pixel is the mean of those that it stands for. */
final class SmallerPicture {
    private static final int CHANNELS = 3;

    private final ImageSize from;
    private final ImageSize to;

    /** @throws IllegalArgumentException when the sides of one are no multiples of the other's */
    SmallerPicture(ImageSize from, ImageSize to) {
        if (from.width() % to.width() != 0 || from.height() % to.height() != 0) {
            throw new IllegalArgumentException("a picture of " + from + " has no whole pixels for each one of " + to);
        }
        this.from = from;
        this.to = to;
    }

    /** @param rgb height × width × 3 bytes, row-major */
    byte[] of(byte[] rgb) {
        byte[] smaller = new byte[to.width() * to.height() * CHANNELS];
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    smaller[(y * to.width() + x) * CHANNELS + channel] = mean(rgb, x, y, channel);
                }
            }
        }
        return smaller;
    }

    private byte mean(byte[] rgb, int x, int y, int channel) {
        int columns = from.width() / to.width();
        int rows = from.height() / to.height();
        int sum = 0;
        for (int row = y * rows; row < (y + 1) * rows; row++) {
            for (int column = x * columns; column < (x + 1) * columns; column++) {
                sum += Byte.toUnsignedInt(rgb[(row * from.width() + column) * CHANNELS + channel]);
            }
        }
        int pixels = rows * columns;
        return (byte) ((sum + pixels / 2) / pixels);
    }
}
