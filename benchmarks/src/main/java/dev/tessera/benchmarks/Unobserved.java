package dev.tessera.benchmarks;

import dev.tessera.generation.GenerationObserver;

/** Lets an image be made without a word. */
enum Unobserved implements GenerationObserver {
    INSTANCE;

    @Override
    public void progressed(int tokensDone, int tokensTotal) {
        // Only the end counts here.
    }

    @Override
    public boolean stopRequested() {
        return false;
    }
}
