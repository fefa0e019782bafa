package dev.tessera.inference;

/**
 * Editing without a mask: at each step some cells of a picture, chosen at random, are drawn anew from all others. Source:
 * Muse (arXiv 2301.00704), whose numbers are the constants.
 *
 * @param share of the cells that a step draws anew: above 0, up to 1
 */
public record Resampling(float share) {
    public static final float SHARE = 0.08f;
    public static final int STEPS = 100;
    public static final float GUIDANCE_SCALE = 4;
    public static final int TOP_K = 3;

    public Resampling {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("resample is " + share + ", it must be above 0, up to 1");
        }
    }

    /** How many cells of a grid a step draws anew, at least one. */
    public int cells(int ofAll) {
        return Math.max(1, Math.round(share * ofAll));
    }
}
