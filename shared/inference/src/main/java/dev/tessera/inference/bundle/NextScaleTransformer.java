package dev.tessera.inference.bundle;

import java.util.List;

/**
 * A transformer that draws a whole grid at once and sees all coarser ones.
 *
 * @param width of one embedding
 * @param scales sides of the square grids in tokens, from coarse to fine; the first is 1
 */
public record NextScaleTransformer(int layers, int heads, int headSize, int width, List<Integer> scales)
        implements Generator {
    private static final int MAX_SIDE = 1024;

    public NextScaleTransformer {
        Numbers.requirePositive("generator.layers", layers);
        Numbers.requirePositive("generator.heads", heads);
        Numbers.requirePositive("generator.headSize", headSize);
        Numbers.requirePositive("generator.width", width);
        scales = List.copyOf(scales);
        if (scales.size() < 2 || scales.getFirst() != 1) {
            throw new IllegalArgumentException(
                    "generator.scales is " + scales + ", it must be at least two sides of which the first is 1");
        }
        for (int i = 1; i < scales.size(); i++) {
            if (scales.get(i) <= scales.get(i - 1) || scales.get(i) > MAX_SIDE) {
                throw new IllegalArgumentException(
                        "generator.scales is " + scales + ", its sides must increase and be at most " + MAX_SIDE);
            }
        }
    }

    /** Number of tokens of all scales. */
    public int tokens() {
        return firstToken(scales.size());
    }

    /** Number of tokens of the scales before this one, which is also the place of its first. */
    public int firstToken(int scale) {
        return scales.subList(0, scale).stream().mapToInt(side -> side * side).sum();
    }
}
