package dev.tessera.generation;

import dev.tessera.inference.CellMask;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.TokenGrid;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.KnownTokens;

/** What is there of an image before it is drawn. */
public sealed interface Canvas {
    /** Nothing. */
    record Blank() implements Canvas {}

    /**
     * A picture of which some cells are drawn anew.
     *
     * @param redrawn cells of the finest grid
     */
    record Masked(TokenGrid tokens, CellMask redrawn) implements Canvas {
        public Masked {
            if (redrawn.rows() != tokens.rows() || redrawn.columns() != tokens.columns()) {
                throw new IllegalArgumentException(redrawn + " is not of " + tokens);
            }
        }
    }

    /**
     * A picture to vary.
     *
     * @param strength how much of it is drawn anew, as the family means it: above 0, up to 1, which is all
     */
    record Varied(TokenGrid tokens, float strength) implements Canvas {
        public Varied {
            if (!(strength > 0 && strength <= 1)) {
                throw new IllegalArgumentException("strength is " + strength + ", it must be above 0, up to 1");
            }
        }
    }

    /** A picture of which each step draws other cells anew, chosen at random. */
    record Resampled(TokenGrid tokens, Resampling resampling) implements Canvas {}

    /** @throws IllegalArgumentException when the tokens, the mask or the strength are no such thing */
    static Canvas of(ImageConditioned work) {
        if (!work.hasKnown()) {
            return new Blank();
        }
        KnownTokens known = work.getKnown();
        TokenGrid tokens = TokenMessages.read(known.getTokens());
        if (known.getResample() != 0) {
            return new Resampled(tokens, new Resampling(known.getResample()));
        }
        return known.getRedrawn().isEmpty()
                ? new Varied(tokens, known.getStrength())
                : new Masked(
                        tokens,
                        new CellMask(
                                tokens.rows(),
                                tokens.columns(),
                                known.getRedrawn().toByteArray()));
    }
}
