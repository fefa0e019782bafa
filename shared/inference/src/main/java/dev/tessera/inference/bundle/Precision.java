package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a network's large products are done in. */
public enum Precision {
    @JsonProperty("fp32")
    FP32,
    /** Whole numbers of eight bits, scaled by row and column. */
    @JsonProperty("int8")
    INT8
}
