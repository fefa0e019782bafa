package dev.tessera.cli.render;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;

/**
 * A picture and what it was made of.
 *
 * @param png the bytes that the services would store for the same request
 */
@SuppressWarnings("ArrayRecordComponent")
public record Rendering(Drawing drawing, byte[] png) {
    /** Of all grids. */
    public TokenGrid tokens() {
        return drawing.tokens();
    }
}
