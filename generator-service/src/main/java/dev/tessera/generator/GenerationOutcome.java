package dev.tessera.generator;

import dev.tessera.inference.TokenGrid;

/** How the making of an image ended when nothing went wrong. */
public sealed interface GenerationOutcome {
    /** The image is whole. */
    record Completed(TokenGrid tokens) implements GenerationOutcome {}

    /** The observer wanted it no more; its rows are free. */
    record Stopped(int tokensDone) implements GenerationOutcome {}
}
