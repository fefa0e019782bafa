package dev.tessera.generation;

import dev.tessera.pipeline.PermanentFailure;
import java.util.Locale;

/** An image could not be made. */
public class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public GenerationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public GenerationException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Machine-readable: metric tag, dead-letter header and reason of the failed job. */
    public String reason() {
        return reason.key();
    }

    /** Why. */
    public enum Reason {
        /** A field of the request is out of its range. */
        INVALID_REQUEST,
        /** The conditioning is not of the kind or size that the model takes. */
        CONDITIONING_MISMATCH,
        /** The job was accepted for other weights than this process has. */
        MODEL_UNAVAILABLE,
        /** The network gave something that is not a number. */
        LOGITS_INVALID,
        /** The runtime failed; another attempt may succeed. */
        ENGINE_FAILED,
        /** The generator is being closed; another replica will do it. */
        SHUTTING_DOWN;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No repetition can make this image. */
    public static final class Unservable extends GenerationException implements PermanentFailure {
        private static final long serialVersionUID = 1L;

        public Unservable(Reason reason, String message) {
            super(reason, message);
        }

        public Unservable(Reason reason, String message, Throwable cause) {
            super(reason, message, cause);
        }
    }
}
