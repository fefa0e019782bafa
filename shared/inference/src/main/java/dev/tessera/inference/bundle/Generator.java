package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the code must know of a family's network before it opens it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NextTokenTransformer.class, name = "next-token"),
    @JsonSubTypes.Type(value = NextScaleTransformer.class, name = "next-scale"),
    @JsonSubTypes.Type(value = MaskedTransformer.class, name = "masked"),
    @JsonSubTypes.Type(value = WindowedTransformer.class, name = "windowed")
})
public sealed interface Generator
        permits NextTokenTransformer, NextScaleTransformer, MaskedTransformer, WindowedTransformer {}
