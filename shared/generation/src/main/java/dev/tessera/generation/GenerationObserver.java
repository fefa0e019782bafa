package dev.tessera.generation;

import java.time.Duration;

/** Follows one image in the making. Called on the generator's own thread between two tokens: both must be quick. */
public interface GenerationObserver {
    /** The image has these many of its tokens. */
    void progressed(int tokensDone, int tokensTotal);

    /**
     * The network has read again what was there already of an image that another worker had left.
     *
     * @param tokens how many
     * @param engineTime the image's share of the time that this took
     */
    default void repeated(int tokens, Duration engineTime) {}

    /** Whether nobody wants the image any more. */
    boolean stopRequested();
}
