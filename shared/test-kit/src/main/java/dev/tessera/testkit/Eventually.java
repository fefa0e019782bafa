package dev.tessera.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits for what happens on other threads and in other processes, with a limit that a loaded machine keeps. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private Eventually() {}

    /** Repeats the assertion until it holds; fails as it failed last. */
    public static void eventually(ThrowingCallable assertion) {
        eventually(LIMIT, assertion);
    }

    public static void eventually(Duration limit, ThrowingCallable assertion) {
        Instant deadline = Instant.now().plus(limit);
        while (Instant.now().isBefore(deadline)) {
            try {
                assertion.call();
                return;
            } catch (Throwable notYet) {
                pause();
            }
        }
        callLast(assertion);
    }

    /** Repeats the condition until it is true. */
    public static void until(String what, Callable<Boolean> condition) {
        eventually(() -> {
            if (!condition.call()) {
                throw new AssertionError("Not within " + LIMIT + ": " + what);
            }
        });
    }

    private static void callLast(ThrowingCallable assertion) {
        try {
            assertion.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting", e);
        }
    }
}
