package dev.tessera.cli.render;

import dev.tessera.decoder.DecoderException;
import dev.tessera.generation.GenerationException;
import dev.tessera.inference.onnx.OnnxException;
import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.tokenizer.TokenizerException;

/** A picture cannot be made. Its message is for the person at the terminal. */
public final class RenderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The model cannot do what is asked. */
        INVALID_REQUEST,
        ENGINE_FAILED
    }

    private final Reason reason;

    /** The request is not one that the model can serve. */
    RenderException(String message) {
        super(message);
        this.reason = Reason.INVALID_REQUEST;
    }

    private RenderException(Reason reason, Throwable cause) {
        super(cause.getMessage(), cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What a service's failure means here; anything that is not one is thrown as it is. */
    static RenderException of(Throwable cause) {
        return switch (cause) {
            case TokenizerException e -> new RenderException(reason(e), e);
            case GenerationException e -> new RenderException(reason(e), e);
            case DecoderException e -> new RenderException(reason(e), e);
            case RenderException e -> e;
            case OnnxException e -> new RenderException(Reason.ENGINE_FAILED, e);
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }

    private static Reason reason(Throwable cause) {
        return cause instanceof PermanentFailure ? Reason.INVALID_REQUEST : Reason.ENGINE_FAILED;
    }
}
