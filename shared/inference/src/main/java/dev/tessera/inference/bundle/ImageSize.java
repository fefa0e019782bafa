package dev.tessera.inference.bundle;

/** Pixels. */
public record ImageSize(int width, int height) {
    public ImageSize {
        Numbers.requirePositive("image.width", width);
        Numbers.requirePositive("image.height", height);
    }
}
