package dev.tessera.tokenizer;

import dev.tessera.inference.TokenGrid;
import dev.tessera.v1.ConditionSource;

/** The encoder of the maps that a model is conditioned on. Safe for use by many threads. */
@FunctionalInterface
public interface MapEncoder {
    /**
     * The tokens nearest to a map.
     *
     * @param map of a size that the model makes pictures of
     * @throws TokenizerException when it is not, or has a label that the model does not know
     */
    TokenGrid encode(ConditionSource map);
}
