package dev.tessera.generation;

import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.TokenGrid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** How far one image is, what it has cost, and what becomes of it. For the generator's own thread. */
public final class ImageProgress {
    private final GenerationObserver observer;
    private final int tokensTotal;
    private final CompletableFuture<GenerationOutcome> outcome = new CompletableFuture<>();
    private int tokensDone;
    private long engineNanos;

    public ImageProgress(GenerationObserver observer, int tokensTotal) {
        this.observer = observer;
        this.tokensTotal = tokensTotal;
    }

    public CompletableFuture<GenerationOutcome> outcome() {
        return outcome;
    }

    public int tokensDone() {
        return tokensDone;
    }

    public int tokensTotal() {
        return tokensTotal;
    }

    public boolean whole() {
        return tokensDone == tokensTotal;
    }

    public boolean ended() {
        return outcome.isDone();
    }

    /** Adds to the image's share of the engine's time. */
    public void spend(long nanos) {
        engineNanos += nanos;
    }

    /** So many tokens more. */
    public void advance(int tokens) {
        tokensDone += tokens;
        observe(() -> observer.progressed(tokensDone, tokensTotal));
    }

    public void stopIfRequested() {
        observe(() -> {
            if (observer.stopRequested()) {
                outcome.complete(new GenerationOutcome.Stopped(tokensDone));
            }
        });
    }

    public void complete(TokenGrid tokens) {
        outcome.complete(new GenerationOutcome.Completed(tokens, Duration.ofNanos(engineNanos)));
    }

    public void fail(GenerationException reason) {
        outcome.completeExceptionally(reason);
    }

    /** Foreign code, on the thread that all images share. */
    private void observe(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            fail(new GenerationException(Reason.ENGINE_FAILED, "the observer of an image failed", e));
        }
    }
}
