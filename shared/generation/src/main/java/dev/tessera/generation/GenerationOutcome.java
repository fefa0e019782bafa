package dev.tessera.generation;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import java.time.Duration;

/** How the making of an image ended when nothing went wrong. */
public sealed interface GenerationOutcome {
    /**
     * The image is whole.
     *
     * @param engineTime the image's share of the time that the engine worked: its prefill, and of each step as much as
     *     it had of the rows. Over all images these sum up to the time the engine was busy.
     */
    record Completed(Drawing drawing, Duration engineTime) implements GenerationOutcome {
        /** Of all grids. */
        public TokenGrid tokens() {
            return drawing.tokens();
        }
    }

    /** The observer wanted it no more; its rows are free. */
    record Stopped(int tokensDone) implements GenerationOutcome {}

    /** The engine was told to leave before the image was whole. */
    record Unfinished(PartialImage done) implements GenerationOutcome {}
}
