package dev.tessera.tokenizer;

import dev.tessera.inference.TokenGrid;

/** A model's own image tokenizer. Safe for use by many threads. */
@FunctionalInterface
public interface PictureEncoder {
    /**
     * The tokens nearest to a picture, of all scales where the model has several.
     *
     * @param rgb red, green and blue of each pixel, row-major: height × width × 3 bytes of the size that the encoder takes
     * @throws TokenizerException when the model has no image encoder
     */
    TokenGrid encode(byte[] rgb);
}
