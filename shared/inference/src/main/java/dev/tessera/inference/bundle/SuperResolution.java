package dev.tessera.inference.bundle;

import java.util.List;

/**
 * The stage that draws a finer grid, all of it masked at the beginning, under the text and the base grid that the
 * generator drew: Muse (arXiv 2301.00704), section 2.5.
 *
 * @param baseImage size of the picture that a base grid stands for, which is what the image encoder takes; the finished
 *     picture's or a whole part of it
 * @param grid the finer one, which is decoded
 * @param codebook of the finer grid
 * @param contexts widths of the keys and values of each cross-attention, in the network's order
 * @param maskToken what an open cell holds
 * @param guidanceScale where a request names none for this stage; 1 switches guidance off
 * @param temperature of the noise on the confidences in the first step, where a request names none for this stage
 */
public record SuperResolution(
        ImageSize baseImage,
        Grid grid,
        Codebook codebook,
        List<Integer> contexts,
        int maskToken,
        UnmaskingDefaults unmasking,
        float guidanceScale,
        float temperature) {
    public SuperResolution {
        contexts = List.copyOf(contexts);
        network(contexts, maskToken, unmasking);
    }

    /** The network as any masked one: what its rows keep, and how it unmasks. It has no modulation. */
    public MaskedTransformer network() {
        return network(contexts, maskToken, unmasking);
    }

    private static MaskedTransformer network(List<Integer> contexts, int maskToken, UnmaskingDefaults unmasking) {
        return new MaskedTransformer(contexts, 0, maskToken, unmasking);
    }
}
