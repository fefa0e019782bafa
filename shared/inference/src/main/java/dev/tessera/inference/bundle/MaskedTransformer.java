package dev.tessera.inference.bundle;

import java.util.List;

/**
 * A transformer that sees the whole grid, with a mask in the cells that are open.
 *
 * @param contexts widths of the keys and values of each cross-attention, in the network's order
 * @param modulation how many numbers a request's adaptive normalisations are; 0 where there are none
 * @param maskToken what an open cell holds
 */
public record MaskedTransformer(List<Integer> contexts, int modulation, int maskToken, UnmaskingDefaults unmasking)
        implements Generator {
    public MaskedTransformer {
        contexts = List.copyOf(contexts);
        Numbers.requirePositive("generator.contexts", contexts.size());
        contexts.forEach(width -> Numbers.requirePositive("generator.contexts", width));
        Numbers.requireAtLeastZero("generator.modulation", modulation);
        Numbers.requireAtLeastZero("generator.maskToken", maskToken);
    }
}
