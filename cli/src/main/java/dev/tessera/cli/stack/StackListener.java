package dev.tessera.cli.stack;

import java.time.Duration;

/** Hears how a stack starts and stops. Called from one thread. */
public interface StackListener {
    /** Says nothing. */
    StackListener SILENT = new StackListener() {};

    default void starting(StackService service) {}

    /** @param elapsed since the stack's start began */
    default void ready(StackService service, Duration elapsed) {}

    /** @param writesCache true if it ends more slowly, once, as it writes its startup cache */
    default void stopping(StackService service, boolean writesCache) {}

    /** @param willingly false if it had to be killed */
    default void stopped(StackService service, boolean willingly) {}
}
