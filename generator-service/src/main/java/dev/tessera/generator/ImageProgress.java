package dev.tessera.generator;

import dev.tessera.generator.GeneratorException.Reason;
import dev.tessera.inference.TokenGrid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** How far one image is, what it has cost, and what becomes of it. For the generator's own thread. */
final class ImageProgress {
    private final GenerationObserver observer;
    private final int tokensTotal;
    private final CompletableFuture<GenerationOutcome> outcome = new CompletableFuture<>();
    private int tokensDone;
    private long engineNanos;

    ImageProgress(GenerationObserver observer, int tokensTotal) {
        this.observer = observer;
        this.tokensTotal = tokensTotal;
    }

    CompletableFuture<GenerationOutcome> outcome() {
        return outcome;
    }

    int tokensDone() {
        return tokensDone;
    }

    int tokensTotal() {
        return tokensTotal;
    }

    boolean whole() {
        return tokensDone == tokensTotal;
    }

    boolean ended() {
        return outcome.isDone();
    }

    /** Adds to the image's share of the engine's time. */
    void spend(long nanos) {
        engineNanos += nanos;
    }

    /** So many tokens more. */
    void advance(int tokens) {
        tokensDone += tokens;
        observe(() -> observer.progressed(tokensDone, tokensTotal));
    }

    void stopIfRequested() {
        observe(() -> {
            if (observer.stopRequested()) {
                outcome.complete(new GenerationOutcome.Stopped(tokensDone));
            }
        });
    }

    void complete(TokenGrid tokens) {
        outcome.complete(new GenerationOutcome.Completed(tokens, Duration.ofNanos(engineNanos)));
    }

    void fail(GeneratorException reason) {
        outcome.completeExceptionally(reason);
    }

    /** Foreign code, on the thread that all images share. */
    private void observe(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            fail(new GeneratorException(Reason.ENGINE_FAILED, "the observer of an image failed", e));
        }
    }
}
