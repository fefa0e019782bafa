package dev.tessera.inference.onnx;

import java.util.Locale;

/** A graph could not be opened, bound or run. */
public class OnnxException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public OnnxException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public OnnxException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What went wrong. */
    public enum Reason {
        /** The native library could not be loaded. */
        RUNTIME_UNAVAILABLE,
        /** The file is missing, damaged, or no graph the runtime can execute. */
        GRAPH_UNREADABLE,
        /** The graph's inputs and outputs are not those that the code expects. */
        SIGNATURE_MISMATCH,
        /** A tensor larger than a buffer can be. */
        TENSOR_TOO_LARGE,
        /** The device has not so much memory as is asked for. */
        OUT_OF_MEMORY,
        /** A tensor does not fit the input or output it is bound to. */
        BINDING_MISMATCH,
        /** The runtime gave up in the middle of a run. */
        RUN_FAILED;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
