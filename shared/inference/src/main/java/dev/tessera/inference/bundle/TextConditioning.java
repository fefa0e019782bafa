package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

/**
 * @param maxTokens longest prompt in tokens, the closing one included; longer prompts are cut
 * @param width of one text state
 * @param pooledWidth of the one state that stands for the whole prompt; 0 where the model takes none
 * @param padded whether every prompt is filled up to the longest one
 * @param paddingToken what with
 */
public record TextConditioning(
        int maxTokens,
        int width,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int pooledWidth,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean padded,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int paddingToken)
        implements Conditioning {
    public TextConditioning {
        Numbers.requirePositive("conditioning.maxTokens", maxTokens);
        Numbers.requirePositive("conditioning.width", width);
        Numbers.requireAtLeastZero("conditioning.pooledWidth", pooledWidth);
        Numbers.requireAtLeastZero("conditioning.paddingToken", paddingToken);
    }

    /** The states of the prompt's own tokens, without padding. */
    public TextConditioning(int maxTokens, int width) {
        this(maxTokens, width, 0, false, 0);
    }
}
