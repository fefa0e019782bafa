package dev.tessera.cli.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds and ends processes that were started here, and never any other. */
final class Children {
    /** Start times are derived from the clock and move a little when it is set. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    private Children() {}

    static StackState.Child describe(StackService service, ProcessHandle handle, String recording) {
        long startedAt = handle.info().startInstant().orElseGet(Instant::now).toEpochMilli();
        return new StackState.Child(service, handle.pid(), startedAt, recording);
    }

    /** The live process, unless its pid now belongs to somebody else. */
    static Optional<ProcessHandle> find(StackState.Child child) {
        return ProcessHandle.of(child.pid()).filter(ProcessHandle::isAlive).filter(handle -> isSame(child, handle));
    }

    private static boolean isSame(StackState.Child child, ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .map(start -> Math.abs(start.toEpochMilli() - child.startedAt()) <= CLOCK_TOLERANCE.toMillis())
                .orElse(false);
    }

    /** Asks it to end, and kills it when it has not ended in time. Returns false if it had to be killed. */
    static boolean stop(ProcessHandle handle, Duration patience) {
        handle.destroy();
        if (awaitEnd(handle, patience)) {
            return true;
        }
        kill(handle);
        return false;
    }

    static void kill(ProcessHandle handle) {
        handle.destroyForcibly();
        awaitEnd(handle, Duration.ofSeconds(30));
    }

    private static boolean awaitEnd(ProcessHandle handle, Duration patience) {
        try {
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
