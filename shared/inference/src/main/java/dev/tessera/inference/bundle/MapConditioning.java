package dev.tessera.inference.bundle;

/**
 * A map of the picture's own size, as tokens of a codebook of its own.
 *
 * @param map what it shows
 * @param channels of the map as the condition encoder takes it: one for each label, or one of depth
 * @param codes size of the map's codebook
 */
public record MapConditioning(MapKind map, int channels, int codes) implements Conditioning {
    public MapConditioning {
        Numbers.requirePositive("conditioning.channels", channels);
        Numbers.requirePositive("conditioning.codes", codes);
    }
}
