package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How guidance grows over the steps. */
public enum GuidanceRise {
    /** The same in every step. */
    @JsonProperty("constant")
    CONSTANT,
    /** From none in the first step to all in the last. */
    @JsonProperty("linear")
    LINEAR
}
