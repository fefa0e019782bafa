package dev.tessera.generation.masked;

import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.Resampling;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cells that each step of mask-free editing draws anew: those with the least random numbers.
 *
 * @param cells of the grid
 * @param each how many a step draws
 */
record RandomCells(int cells, int each, ImageRandom random) {
    static RandomCells of(Resampling resampling, ImageRandom random, MaskedDimensions model) {
        return new RandomCells(model.cells(), resampling.cells(model.cells()), random);
    }

    /** Those of a step. */
    Set<Integer> at(int step) {
        return IntStream.range(0, cells)
                .boxed()
                .sorted(Comparator.comparingDouble(cell -> random.uniform(Purpose.OPENING, cell, step)))
                .limit(each)
                .collect(Collectors.toUnmodifiableSet());
    }
}
