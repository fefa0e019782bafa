package dev.tessera.cli.stack;

/** The local stack could not do what was asked. Its message is for the person at the terminal. */
public final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        ALREADY_RUNNING,
        NOT_RUNNING,
        BUSY,
        NOT_BUILT,
        NO_MODEL,
        PORT_IN_USE,
        CHILD_FAILED,
        TIMEOUT,
        STATE_UNREADABLE,
        IO
    }

    private final Reason reason;

    public StackException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public StackException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
