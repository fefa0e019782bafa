package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a family makes its base grid. */
public enum Family {
    /** LlamaGen: one token after another, in raster order. */
    @JsonProperty("next-token")
    NEXT_TOKEN,
    /** VAR: one grid after another, from coarse to fine, each drawn whole. */
    @JsonProperty("next-scale")
    NEXT_SCALE,
    /** Muse, aMUSEd: all cells at once, again and again; the most confident stay. */
    @JsonProperty("masked")
    MASKED,
    /** VQGAN + GPT: one token after another in a window that slides over a grid of any size. */
    @JsonProperty("windowed")
    WINDOWED
}
