package dev.tessera.decoder;

import dev.tessera.inference.TokenGrid;

/** A model's image decoder. Safe for use by many threads. */
@FunctionalInterface
public interface ImageDecoder {
    /**
     * The picture that the tokens stand for; the same tokens give the same bytes on one kind of processor.
     *
     * @throws DecoderException when the tokens are not of this model's grid and codebook
     */
    Picture decode(TokenGrid tokens);
}
