package dev.tessera.cli.command;

/** A command cannot do what was asked. Its message is for the person at the terminal. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Options that do not fit together, or a value that cannot be used. */
        USAGE,
        FAILED
    }

    private final Reason reason;

    public CommandException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public CommandException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
