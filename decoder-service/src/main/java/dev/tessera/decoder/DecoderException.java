package dev.tessera.decoder;

import dev.tessera.pipeline.PermanentFailure;
import java.util.Locale;

/** Tokens that cannot be made a picture, now or later. */
public class DecoderException extends RuntimeException implements PermanentFailure {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public DecoderException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public DecoderException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    @Override
    public String reason() {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** Why. */
    public enum Reason {
        /** The job was accepted for a model, or weights of it, that are not served here. */
        MODEL_UNAVAILABLE,
        /** The tokens do not fill their grid, or are none of their codebook. */
        MALFORMED_TOKENS,
        /** The tokens are of another grid or codebook than the model's. */
        GRID_MISMATCH,
        /** The picture to edit is not of the model's size. */
        MALFORMED_PICTURE,
        /** The network gave something that is not a number. */
        PIXELS_NOT_FINITE
    }
}
