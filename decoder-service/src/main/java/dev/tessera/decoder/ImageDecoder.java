package dev.tessera.decoder;

import dev.tessera.inference.Drawing;

/** A model's image decoder. Safe for use by many threads. */
@FunctionalInterface
public interface ImageDecoder {
    /**
     * The picture of what was drawn; the same drawing gives the same bytes on one kind of processor.
     *
     * @throws DecoderException when it is not of this model's grid and codebook
     */
    Picture decode(Drawing drawing);
}
