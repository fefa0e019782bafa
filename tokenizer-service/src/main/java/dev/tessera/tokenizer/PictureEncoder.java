package dev.tessera.tokenizer;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ImageSize;

/** A model's own image tokenizer. Safe for use by many threads. */
@FunctionalInterface
public interface PictureEncoder {
    /**
     * The tokens nearest to a picture, of all scales where the model has several.
     *
     * @param size of the picture, one that the encoder takes
     * @param rgb red, green and blue of each pixel, row-major: height × width × 3 bytes
     * @throws TokenizerException when the model has no image encoder
     */
    TokenGrid encode(ImageSize size, byte[] rgb);
}
