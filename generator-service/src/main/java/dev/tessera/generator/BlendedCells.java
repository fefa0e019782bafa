package dev.tessera.generator;

import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.Smoothing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cells whose vectors are blended of all codes that could have been drawn, with noise of their own for each position and
 * code; kept cells have their code's. What comes of it is the picture itself. Source: VAR's {@code more_smooth}.
 */
final class BlendedCells implements ScaleCells {
    private final ImageRandom random;
    private final NextScaleDimensions dimensions;
    private final CodeVectors codes;

    /** [tokens of all scales, dimensions of a code] */
    private final float[] vectors;

    private @Nullable LatentPicture latent;

    BlendedCells(ImageRandom random, NextScaleDimensions dimensions, CodeVectors codes) {
        this.random = random;
        this.dimensions = dimensions;
        this.codes = codes;
        this.vectors = new float[dimensions.tokensPerImage() * codes.dimensions()];
    }

    @Override
    public boolean areKnownByTokens() {
        return false;
    }

    @Override
    public void keep(int token, int id) {
        codes.copy(id, vectors, token * codes.dimensions());
    }

    @Override
    public int draw(TokenSampler sampler, int scale, int token, int drawn) {
        return sampler.blend(
                Smoothing.at(scale, dimensions.scales()),
                code -> random.gumbel(Purpose.BLENDING, token, code),
                codes,
                FloatBuffer.wrap(vectors, token * codes.dimensions(), codes.dimensions())
                        .slice());
    }

    @Override
    public void refine(NextScaleModel model, int row, int scale, int[] tokens) {
        int from = dimensions.firstToken(scale) * codes.dimensions();
        int to = dimensions.firstToken(scale + 1) * codes.dimensions();
        model.refine(row, scale, Arrays.copyOfRange(vectors, from, to));
        if (scale + 1 == dimensions.scales()) {
            latent = model.latent(row);
        }
    }

    @Override
    public Drawing whole(TokenGrid tokens) {
        return new Drawing.Blended(tokens, Objects.requireNonNull(latent, "the last scale is not in the picture"));
    }
}
