package dev.tessera.tokenizer;

import dev.tessera.pipeline.PermanentFailure;
import java.util.Locale;

/** A job that cannot be conditioned, now or later. Its message never repeats a prompt. */
public class TokenizerException extends RuntimeException implements PermanentFailure {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public TokenizerException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public TokenizerException(Reason reason, String message, Throwable cause) {
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
        /** The job has a prompt where the model takes a class, or the other way round. */
        CONDITION_MISMATCH,
        /** The model has no such class. */
        UNKNOWN_CLASS,
        /** The picture or the mask to edit, or the map, is not of the model's size, or has labels that it does not know. */
        MALFORMED_PICTURE,
        /** The model's bundle has no image encoder, so that it edits stored tokens only. */
        NO_IMAGE_ENCODER,
        /** The text encoder gave numbers beyond what half floats can tell. */
        STATES_OUT_OF_RANGE,
        /** The tokenizer's file is damaged, or its native library could not be loaded. */
        TOKENIZER_UNREADABLE
    }
}
