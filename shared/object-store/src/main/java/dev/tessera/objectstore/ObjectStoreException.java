package dev.tessera.objectstore;

import java.util.Locale;

/** The bucket did not do what was asked. */
public class ObjectStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public ObjectStoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Why. */
    public enum Reason {
        UNAVAILABLE,
        DENIED,
        REJECTED;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
