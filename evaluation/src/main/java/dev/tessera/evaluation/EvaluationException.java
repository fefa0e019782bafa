package dev.tessera.evaluation;

/** Pictures cannot be measured. */
public final class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Too few pictures, or sets that do not fit together. */
        UNUSABLE_SET,
        PICTURE_UNREADABLE,
        /** A network gave something that is not a number. */
        FEATURES_INVALID
    }

    private final Reason reason;

    public EvaluationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public EvaluationException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
