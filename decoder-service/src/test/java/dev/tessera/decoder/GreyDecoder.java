package dev.tessera.decoder;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;

/** One grey pixel for each token. */
final class GreyDecoder implements ImageDecoder {
    int calls;

    @Override
    public Picture decode(Drawing drawing) {
        calls++;
        TokenGrid tokens = drawing.tokens();
        byte[] rgb = new byte[tokens.rows() * tokens.columns() * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) tokens.id(i / 3);
        }
        return new Picture(tokens.columns(), tokens.rows(), rgb);
    }
}
