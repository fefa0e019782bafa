package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

/**
 * A decoder-only transformer with a key/value cache.
 *
 * @param width of one embedding
 * @param prefixTokens positions before the first image token: 1 for a class, the caption length for text
 * @param halfAttention whether attention, keys and values have 16 bits, as CUDA takes them; false where it is left out
 */
public record NextTokenTransformer(
        int layers,
        int heads,
        int headSize,
        int width,
        int prefixTokens,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean halfAttention)
        implements Generator {
    /** With 32 bits throughout. */
    public NextTokenTransformer(int layers, int heads, int headSize, int width, int prefixTokens) {
        this(layers, heads, headSize, width, prefixTokens, false);
    }

    public NextTokenTransformer {
        Numbers.requirePositive("generator.layers", layers);
        Numbers.requirePositive("generator.heads", heads);
        Numbers.requirePositive("generator.headSize", headSize);
        Numbers.requirePositive("generator.width", width);
        Numbers.requirePositive("generator.prefixTokens", prefixTokens);
    }
}
