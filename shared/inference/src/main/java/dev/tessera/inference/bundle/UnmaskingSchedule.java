package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the share of masked cells falls over the steps. */
public enum UnmaskingSchedule {
    /** Few cells first, many last: cos(π/2 · x). */
    @JsonProperty("cosine")
    COSINE,
    /** As many cells in each step: 1 − x. */
    @JsonProperty("linear")
    LINEAR
}
