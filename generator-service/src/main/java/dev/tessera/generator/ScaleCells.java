package dev.tessera.generator;

import dev.tessera.generation.GenerationRequest;
import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;

/**
 * What stands in an image's picture for its cells, scale after scale. Cells of one scale may be filled at the same time;
 * tokens are counted over all scales.
 */
sealed interface ScaleCells permits DrawnCells, BlendedCells {
    static ScaleCells of(GenerationRequest request, NextScaleDimensions dimensions, CodeVectors codes) {
        return request.sampling().moreSmooth()
                ? new BlendedCells(request.random(), dimensions, codes)
                : new DrawnCells(dimensions);
    }

    /** Whether tokens that are known say all of their cells, so that these need not be drawn again. */
    boolean areKnownByTokens();

    /** A cell that has the code of this id and nothing else. */
    void keep(int token, int id);

    /**
     * A cell for which the sampler has just drawn.
     *
     * @return the token that stands for it
     */
    int draw(TokenSampler sampler, int scale, int token, int drawn);

    /** Puts a scale that is filled into the picture of a row, if anybody will look at it. */
    void refine(NextScaleModel model, int row, int scale, int[] tokens);

    /** All that there is of the image when its last scale is in the picture. */
    Drawing whole(TokenGrid tokens);
}
