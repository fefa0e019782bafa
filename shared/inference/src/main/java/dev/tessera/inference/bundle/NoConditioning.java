package dev.tessera.inference.bundle;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/** Nothing: pictures are whatever the model was trained on. */
@JsonSerialize
public record NoConditioning() implements Conditioning {}
