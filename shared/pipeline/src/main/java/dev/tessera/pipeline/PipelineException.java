package dev.tessera.pipeline;

import java.util.Locale;

/** Work or an event could not be taken from, put on, or read from the log. */
public class PipelineException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public PipelineException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public PipelineException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The reason is the metric tag, the dead-letter header and the problem type in HTTP. */
    public enum Reason {
        BROKER_UNAVAILABLE,
        BUCKET_UNAVAILABLE,
        PAYLOAD_MISSING,
        PAYLOAD_TOO_LARGE,
        MALFORMED_RECORD,
        ATTEMPTS_EXHAUSTED;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
