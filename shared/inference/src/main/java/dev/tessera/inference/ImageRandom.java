package dev.tessera.inference;

/**
 * The random numbers of one image: each is a pure function of (seed, image index, purpose, position, draw), so an image
 * does not depend on its neighbours in a batch, on a retry or on the node that makes it.
 *
 * <p>Mapping to {@link Philox}: the key is the seed; the counter words are the position, the draw divided by four, the
 * image index and the purpose; the draw modulo four selects the word of the block.
 *
 * @param seed all 64 bits count
 * @param imageIndex the image's index in its job
 */
public record ImageRandom(long seed, int imageIndex) {
    private static final double STEP = 0x1p-32;

    /** What numbers are for; different purposes never share a number. */
    public enum Purpose {
        /** The draw of the token at a position of the base grid; where there are several draws, one for each step. */
        TOKEN(0),
        /** How much the confidence in a token is shaken, at a position and step. */
        CONFIDENCE(1),
        /** Whether a cell of a picture that is varied is open at the beginning; in mask-free editing, at a step. */
        OPENING(2),
        /** The seed of the super-resolution. */
        SUPER_RESOLUTION(3),
        /** How much of a code a blended cell has, at a position and code. */
        BLENDING(4);

        private final int word;

        Purpose(int word) {
            this.word = word;
        }
    }

    public ImageRandom {
        if (imageIndex < 0) {
            throw new IllegalArgumentException("imageIndex is " + imageIndex + ", it counts from 0");
        }
    }

    /**
     * The same image's numbers in its super-resolution: as random as those of another seed, so that what was drawn for the
     * base grid does not come again.
     */
    public ImageRandom ofSuperResolution() {
        long low = Integer.toUnsignedLong(Philox.word(0, seed, 0, 0, 0, Purpose.SUPER_RESOLUTION.word));
        long high = Philox.word(1, seed, 0, 0, 0, Purpose.SUPER_RESOLUTION.word);
        return new ImageRandom(high << Integer.SIZE | low, imageIndex);
    }

    /**
     * A number of the open interval (0, 1): one 32-bit word w becomes (w + 0.5) · 2⁻³², which a double holds exactly.
     *
     * @param position for example the cell of the grid
     * @param draw tells apart the numbers of one position, from 0
     */
    public double uniform(Purpose purpose, int position, int draw) {
        int word = Philox.word(draw & 3, seed, position, draw >>> 2, imageIndex, purpose.word);
        return (Integer.toUnsignedLong(word) + 0.5) * STEP;
    }

    /**
     * A number of the standard Gumbel distribution: −ln(−ln u) of {@link #uniform}, in Java's own strict logarithm, which
     * gives the same bits on every machine.
     */
    public double gumbel(Purpose purpose, int position, int draw) {
        return -StrictMath.log(-StrictMath.log(uniform(purpose, position, draw)));
    }
}
