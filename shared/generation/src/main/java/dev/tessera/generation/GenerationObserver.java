package dev.tessera.generation;

/** Follows one image in the making. Called on the generator's own thread between two tokens: both must be quick. */
public interface GenerationObserver {
    /** The image has these many of its tokens. */
    void progressed(int tokensDone, int tokensTotal);

    /** Whether nobody wants the image any more. */
    boolean stopRequested();
}
