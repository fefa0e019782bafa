package dev.tessera.cli.client;

import java.util.List;

/** The gateway could not be asked, or said no. Its message is for the person at the terminal. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Nobody answers there. */
        UNREACHABLE,
        /** The request has mistakes; {@link #mistakes} names them. */
        INVALID_REQUEST,
        /** No such job, image or model. */
        NOT_FOUND,
        /** It cannot be done, now or at all. */
        REFUSED,
        /** Something answers that does not speak this API. */
        PROTOCOL
    }

    /**
     * A field of the request that cannot be used.
     *
     * @param pointer JSON pointer to it
     */
    public record Mistake(String pointer, String detail) {}

    private final Reason reason;
    private final transient List<Mistake> mistakes;

    public ClientException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    public ClientException(Reason reason, String message, List<Mistake> mistakes) {
        super(message);
        this.reason = reason;
        this.mistakes = List.copyOf(mistakes);
    }

    public ClientException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.mistakes = List.of();
    }

    public Reason reason() {
        return reason;
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
