package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a condition map shows. */
public enum MapKind {
    /** Of each pixel the label of what it belongs to. */
    @JsonProperty("segmentation")
    SEGMENTATION,
    /** Of each pixel how far away it is. */
    @JsonProperty("depth")
    DEPTH
}
