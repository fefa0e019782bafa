package dev.tessera.generator;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;

/** Cells of one code each. A whole image needs no picture: the decoder makes it anew. */
record DrawnCells(NextScaleDimensions dimensions) implements ScaleCells {
    @Override
    public boolean areKnownByTokens() {
        return true;
    }

    @Override
    public void keep(int token, int id) {}

    @Override
    public int draw(TokenSampler sampler, int scale, int token, int drawn) {
        return drawn;
    }

    @Override
    public void refine(NextScaleModel model, int row, int scale, int[] tokens) {
        if (scale + 1 < dimensions.scales()) {
            model.refine(row, scale, tokens);
        }
    }

    @Override
    public Drawing whole(TokenGrid tokens) {
        return new Drawing.OfTokens(tokens);
    }
}
