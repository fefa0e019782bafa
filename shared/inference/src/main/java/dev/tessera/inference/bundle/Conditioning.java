package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a request conditions the picture on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TextConditioning.class, name = "text"),
    @JsonSubTypes.Type(value = ClassConditioning.class, name = "class"),
    @JsonSubTypes.Type(value = MapConditioning.class, name = "map"),
    @JsonSubTypes.Type(value = NoConditioning.class, name = "none")
})
public sealed interface Conditioning permits TextConditioning, ClassConditioning, MapConditioning, NoConditioning {}
