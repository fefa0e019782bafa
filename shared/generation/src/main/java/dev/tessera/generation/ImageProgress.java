package dev.tessera.generation;

import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** How far one image is, what it has cost, and what becomes of it. For the generator's own thread. */
public final class ImageProgress {
    private final GenerationObserver observer;
    private final int tokensTotal;
    private final int known;
    private final CompletableFuture<GenerationOutcome> outcome = new CompletableFuture<>();
    private int tokensDone;
    private long engineNanos;
    private long repeatedNanos;

    /** @param done what is known of the image already; the network has to read it again, unless the family can do without */
    public ImageProgress(GenerationObserver observer, int tokensTotal, PartialImage done) {
        this.observer = observer;
        this.tokensTotal = tokensTotal;
        this.known = done.tokensDone();
        this.engineNanos = done.engineTime().toNanos();
    }

    /** The network need not read again what is known. */
    public void skipKnown() {
        tokensDone = known;
    }

    /** Whether the next tokens are known, and the network only has to read them again. */
    public boolean repeats() {
        return tokensDone < known;
    }

    public CompletableFuture<GenerationOutcome> outcome() {
        return outcome;
    }

    public int tokensDone() {
        return tokensDone;
    }

    /** Those that are done, and those that are known and yet to be read again. */
    public int tokensKnown() {
        return Math.max(tokensDone, known);
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
        repeatedNanos += repeats() ? nanos : 0;
    }

    /** So many tokens more. */
    public void advance(int tokens) {
        boolean repeated = repeats();
        tokensDone += tokens;
        if (tokensDone > known) {
            observe(() -> observer.progressed(tokensDone, tokensTotal));
        } else if (repeated && !repeats()) {
            observe(() -> observer.repeated(known, Duration.ofNanos(repeatedNanos)));
        }
    }

    /**
     * What is done so far.
     *
     * @param ids of all cells, also of those that were known
     * @param stepsDone of the family's own
     */
    public PartialImage partial(int[] ids, int stepsDone) {
        return new PartialImage(ids, stepsDone, tokensKnown(), Duration.ofNanos(engineNanos));
    }

    public void stopIfRequested() {
        observe(() -> {
            if (observer.stopRequested()) {
                outcome.complete(new GenerationOutcome.Stopped(tokensDone));
            }
        });
    }

    public void complete(TokenGrid tokens) {
        complete(new Drawing.OfTokens(tokens));
    }

    public void complete(Drawing drawing) {
        outcome.complete(new GenerationOutcome.Completed(drawing, Duration.ofNanos(engineNanos)));
    }

    /** Ends it unfinished. */
    public void leave(PartialImage done) {
        if (repeats() && repeatedNanos > 0) {
            observe(() -> observer.repeated(tokensDone, Duration.ofNanos(repeatedNanos)));
        }
        outcome.complete(new GenerationOutcome.Unfinished(done));
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
