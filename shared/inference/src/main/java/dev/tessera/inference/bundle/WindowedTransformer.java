package dev.tessera.inference.bundle;

/**
 * A decoder-only transformer that sees a square window of a grid of any size, and of its condition the same window.
 *
 * @param width of one embedding
 * @param prefixTokens positions before the window's first image token: 1 for a class or none, the window's tokens
 *     for a map
 * @param window side of the window in tokens; no grid is smaller
 * @param maxTokens most tokens of an image
 */
public record WindowedTransformer(
        int layers, int heads, int headSize, int width, int prefixTokens, int window, int maxTokens)
        implements Generator {
    private static final int MAX_TOKENS = 1 << 16;

    public WindowedTransformer {
        Numbers.requirePositive("generator.layers", layers);
        Numbers.requirePositive("generator.heads", heads);
        Numbers.requirePositive("generator.headSize", headSize);
        Numbers.requirePositive("generator.width", width);
        Numbers.requirePositive("generator.prefixTokens", prefixTokens);
        Numbers.requirePositive("generator.window", window);
        if (maxTokens > MAX_TOKENS || maxTokens < (long) window * window) {
            throw new IllegalArgumentException("generator.maxTokens is " + maxTokens + ", it must be "
                    + (long) window * window + ", the window's, to " + MAX_TOKENS);
        }
    }

    /** Whether images may have this grid. */
    public boolean makes(Grid grid) {
        return grid.rows() >= window && grid.columns() >= window && (long) grid.rows() * grid.columns() <= maxTokens;
    }

    /** Slots of the longest sequence: the window's last token is drawn but never fed. */
    public int positions() {
        return prefixTokens + window * window - 1;
    }
}
