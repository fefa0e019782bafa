package dev.tessera.generation;

/** Wants the image no more once it has so many tokens. */
public final class WantedUntil implements GenerationObserver {
    private final int tokens;
    private volatile int done;

    public WantedUntil(int tokens) {
        this.tokens = tokens;
    }

    @Override
    public void progressed(int tokensDone, int tokensTotal) {
        done = tokensDone;
    }

    @Override
    public boolean stopRequested() {
        return done >= tokens;
    }
}
