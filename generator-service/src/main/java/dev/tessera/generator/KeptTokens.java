package dev.tessera.generator;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.Grid;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** Which tokens of an image are known before it is drawn, and stay; counted over all its grids. Immutable. */
final class KeptTokens {
    private static final int DRAWN = -1;

    private final int[] ids;

    private KeptTokens(int[] ids) {
        this.ids = ids;
    }

    /**
     * A next-token model's: those of the cells that the mask lets be; without a mask the first ones, so that what is drawn
     * anew sees all that stays.
     *
     * @throws GenerationException.Unservable when the tokens are not of the model
     */
    static KeptTokens of(Canvas canvas, NextTokenDimensions model) {
        return ofRaster(canvas, model.grid(), model.vocabulary());
    }

    /**
     * Those of any model that draws one grid in raster order, or as if it did.
     *
     * @param grid of the image
     * @param vocabulary number of codes
     * @throws GenerationException.Unservable when the tokens are not of that grid and codebook
     */
    static KeptTokens ofRaster(Canvas canvas, Grid grid, int vocabulary) {
        int count = grid.tokens();
        return switch (canvas) {
            case Canvas.Blank blank -> none(count);
            case Canvas.Masked masked -> {
                requireOfModel(masked.tokens(), grid, vocabulary);
                yield of(masked.tokens(), cell -> !masked.redrawn().isRedrawn(cell));
            }
            case Canvas.Varied varied -> {
                requireOfModel(varied.tokens(), grid, vocabulary);
                int kept = count - share(varied.strength(), count);
                yield of(varied.tokens(), cell -> cell < kept);
            }
            case Canvas.Resampled _ -> throw noResampling();
        };
    }

    /**
     * A next-scale model's. With a mask: at every scale the tokens of which the mask, resized to the scale's grid, keeps
     * more than half; the single token of the first scale always. Source: VAR, {@code demo_zero_shot_edit.ipynb}. Without
     * a mask: those of the coarser scales.
     *
     * @throws GenerationException.Unservable when the tokens are not of the model
     */
    static KeptTokens of(Canvas canvas, NextScaleDimensions model) {
        return switch (canvas) {
            case Canvas.Blank blank -> none(model.tokensPerImage());
            case Canvas.Masked masked -> {
                requireOfModel(masked.tokens(), model);
                boolean[] kept = keptOfScales(masked.redrawn(), model);
                yield of(masked.tokens(), token -> kept[token]);
            }
            case Canvas.Varied varied -> {
                requireOfModel(varied.tokens(), model);
                int kept = model.firstToken(model.scales() - share(varied.strength(), model.scales()));
                yield of(varied.tokens(), token -> token < kept);
            }
            case Canvas.Resampled _ -> throw noResampling();
        };
    }

    private static GenerationException noResampling() {
        return new GenerationException.Unservable(
                Reason.INVALID_REQUEST, "resample: the model draws no random cells anew; a masked one does");
    }

    private static KeptTokens none(int count) {
        int[] ids = new int[count];
        Arrays.fill(ids, DRAWN);
        return new KeptTokens(ids);
    }

    private static KeptTokens of(TokenGrid tokens, IntPredicate kept) {
        int[] ids = tokens.ids();
        for (int token = 0; token < ids.length; token++) {
            ids[token] = kept.test(token) ? ids[token] : DRAWN;
        }
        return new KeptTokens(ids);
    }

    /** At least one: a strength is above 0. */
    private static int share(float strength, int of) {
        return Math.max(1, Math.round(strength * of));
    }

    private static boolean[] keptOfScales(CellMask mask, NextScaleDimensions model) {
        boolean[] kept = new boolean[model.tokensPerImage()];
        for (int scale = 0; scale < model.scales(); scale++) {
            boolean[] own = MaskResizing.kept(mask, model.sides().get(scale));
            System.arraycopy(own, 0, kept, model.firstToken(scale), own.length);
        }
        return kept;
    }

    private static void requireOfModel(TokenGrid tokens, Grid grid, int vocabulary) {
        boolean sameGrid = tokens.rows() == grid.rows()
                && tokens.columns() == grid.columns()
                && tokens.scales().isEmpty();
        requireOfModel(tokens, sameGrid, vocabulary);
    }

    private static void requireOfModel(TokenGrid tokens, NextScaleDimensions model) {
        List<Integer> sides = model.sides();
        requireOfModel(tokens, tokens.scales().equals(sides), model.vocabulary());
    }

    private static void requireOfModel(TokenGrid tokens, boolean sameGrid, int vocabulary) {
        if (!sameGrid || tokens.codebookSize() != vocabulary) {
            throw new GenerationException.Unservable(
                    Reason.INVALID_REQUEST, tokens + " to edit is not of this model's grid and codebook");
        }
    }

    boolean keeps(int token) {
        return ids[token] != DRAWN;
    }

    /** The kept tokens in place of others, which are of all cells. */
    void over(int[] tokens) {
        for (int token = 0; token < ids.length; token++) {
            tokens[token] = keeps(token) ? ids[token] : tokens[token];
        }
    }

    /** Of a token that is kept. */
    int id(int token) {
        return ids[token];
    }
}
