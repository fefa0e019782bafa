package dev.tessera.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What became of an image; all of these wait for it. */
public final class Outcomes {
    private Outcomes() {}

    public static Drawing drawing(CompletableFuture<GenerationOutcome> outcome) {
        return completed(outcome).drawing();
    }

    public static TokenGrid tokens(CompletableFuture<GenerationOutcome> outcome) {
        return completed(outcome).tokens();
    }

    public static long engineNanos(CompletableFuture<GenerationOutcome> outcome) {
        return completed(outcome).engineTime().toNanos();
    }

    private static GenerationOutcome.Completed completed(CompletableFuture<GenerationOutcome> outcome) {
        return (GenerationOutcome.Completed) outcome.join();
    }

    public static void assertFailed(CompletableFuture<GenerationOutcome> outcome, String reason) {
        assertThatThrownBy(outcome::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        GenerationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
